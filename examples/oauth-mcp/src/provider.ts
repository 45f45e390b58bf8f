// The authorization server, as the SDK's handlers ask for it.
import { InvalidScopeError, InvalidTargetError } from '@modelcontextprotocol/sdk/server/auth/errors.js';
import type { OAuthServerProvider } from '@modelcontextprotocol/sdk/server/auth/provider.js';
import type { OAuthClientInformationFull } from '@modelcontextprotocol/sdk/shared/auth.js';
import type { Authorizations } from './authorizations.ts';
import { sendConsentPage } from './consent.ts';

/** What a client may ask for. */
export const scopes: string[] = ['profile'];

const mostClients = 1000;

/** @param resource address of the MCP endpoint: a token for anything else is never given */
export function createProvider(authorizations: Authorizations, resource: URL): OAuthServerProvider {
  return {
    clientsStore: createClients(),
    async authorize(client, params, response) {
      checkResource(params.resource, resource);
      const asked = params.scopes === undefined || params.scopes.length === 0 ? scopes : params.scopes;
      if (asked.some((scope) => !scopes.includes(scope))) throw new InvalidScopeError(`The scopes here are: ${scopes.join(' ')}`);
      const clientName = client.client_name ?? client.client_id;
      const { redirectUri, codeChallenge, state } = params;
      const secret = authorizations.ask({ clientId: client.client_id, clientName, scopes: asked, redirectUri, codeChallenge, state });
      sendConsentPage(response, { secret, clientName, redirectUri, scopes: asked });
    },
    challengeForAuthorizationCode: async (client, code) => authorizations.challengeOf(code, client.client_id),
    async exchangeAuthorizationCode(client, code, _verifier, redirectUri, asked) {
      checkResource(asked, resource);
      return authorizations.redeem(code, client.client_id, redirectUri);
    },
    async exchangeRefreshToken(client, token, _scopes, asked) {
      checkResource(asked, resource);
      return authorizations.refresh(token, client.client_id);
    },
    verifyAccessToken: async (token) => authorizations.verify(token),
    revokeToken: async (client, { token }) => authorizations.revoke(token, client.client_id),
  };
}

/** Anybody may register (RFC 7591), so the first go when there are more than a thousand. */
function createClients(): OAuthServerProvider['clientsStore'] {
  const clients = new Map<string, OAuthClientInformationFull>();
  return {
    getClient: (id) => clients.get(id),
    registerClient(given) {
      // The SDK has put id and secret in by now.
      const client = given as OAuthClientInformationFull;
      clients.set(client.client_id, client);
      const [oldest] = clients.keys();
      if (clients.size > mostClients && oldest !== undefined) clients.delete(oldest);
      return client;
    },
  };
}

function checkResource(asked: URL | undefined, resource: URL): void {
  if (asked !== undefined && asked.href !== resource.href) throw new InvalidTargetError(`Tokens of this server are for ${resource.href}`);
}
