// What people have allowed: from the request on the consent page over the code to the tokens, and the end of all of them at once.
import { InvalidGrantError, InvalidTokenError } from '@modelcontextprotocol/sdk/server/auth/errors.js';
import type { AuthInfo } from '@modelcontextprotocol/sdk/server/auth/types.js';
import type { OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js';
import { createSecrets } from './secrets.ts';

/** What a client asks a person for. */
export interface ConsentRequest {
  readonly clientId: string;
  readonly clientName: string;
  readonly scopes: string[];
  readonly redirectUri: string;
  readonly codeChallenge: string;
  readonly state: string | undefined;
}

/** What a person has allowed a client. It ends when the client gives it up, or when a code or a refresh token of it comes twice. */
interface Authorization {
  readonly clientId: string;
  readonly name: string;
  readonly scopes: string[];
  ended: boolean;
}

interface Code {
  readonly request: ConsentRequest;
  readonly authorization: Authorization;
  used: boolean;
}

interface RefreshToken {
  readonly authorization: Authorization;
  used: boolean;
}

interface AccessToken {
  readonly authorization: Authorization;
  readonly expiresAt: number;
}

/** The store of a running server. It forgets everything when the process ends: use a database for a server of your own. */
export interface Authorizations {
  /** Keeps a request for ten minutes, until somebody decides. */
  ask(request: ConsentRequest): string;
  /** The request behind the secret of a consent page, once. */
  decide(secret: string): ConsentRequest | undefined;
  /** The code for a request that a person allowed; good for a minute, once. */
  allow(request: ConsentRequest, name: string): string;
  /** The challenge that the code's verifier must match. @throws `InvalidGrantError` */
  challengeOf(code: string, clientId: string): string;
  /** @throws `InvalidGrantError` */
  redeem(code: string, clientId: string, redirectUri: string | undefined): OAuthTokens;
  /** New tokens for a refresh token, which is used up by it. @throws `InvalidGrantError` */
  refresh(token: string, clientId: string): OAuthTokens;
  /** @throws `InvalidTokenError` */
  verify(token: string): AuthInfo;
  /** Ends the authorization that a token belongs to, if it is this client's. */
  revoke(token: string, clientId: string): void;
}

/** @param resource the only thing that tokens are good for: the MCP endpoint */
export function createAuthorizations(resource: URL, accessTokenSeconds: number, now: () => number = Date.now): Authorizations {
  const requests = createSecrets<ConsentRequest>(600, now);
  const codes = createSecrets<Code>(60, now);
  const accessTokens = createSecrets<AccessToken>(accessTokenSeconds, now);
  const refreshTokens = createSecrets<RefreshToken>(30 * 86_400, now);

  function issue(authorization: Authorization): OAuthTokens {
    const expiresAt = Math.floor(now() / 1000) + accessTokenSeconds;
    return {
      access_token: accessTokens.keep({ authorization, expiresAt }),
      token_type: 'Bearer',
      expires_in: accessTokenSeconds,
      scope: authorization.scopes.join(' '),
      refresh_token: refreshTokens.keep({ authorization, used: false }),
    };
  }

  return {
    ask: (request) => requests.keep(request),
    decide: (secret) => requests.take(secret),
    allow(request, name) {
      const { clientId, scopes } = request;
      return codes.keep({ request, authorization: { clientId, name, scopes, ended: false }, used: false });
    },
    challengeOf: (code, clientId) => own(codes.find(code), clientId).request.codeChallenge,
    redeem(secret, clientId, redirectUri) {
      const code = own(codes.find(secret), clientId);
      if (redirectUri !== undefined && redirectUri !== code.request.redirectUri) throw new InvalidGrantError('redirect_uri is another one');
      return issue(usedOnce(code));
    },
    refresh: (secret, clientId) => issue(usedOnce(own(refreshTokens.find(secret), clientId))),
    verify(token) {
      const found = accessTokens.find(token);
      if (found === undefined || found.authorization.ended)
        throw new InvalidTokenError('The token is not known, has expired or was revoked');
      const { clientId, scopes, name } = found.authorization;
      return { token, clientId, scopes, expiresAt: found.expiresAt, resource, extra: { name } };
    },
    revoke(token, clientId) {
      const { authorization } = accessTokens.find(token) ?? refreshTokens.find(token) ?? {};
      if (authorization?.clientId === clientId) authorization.ended = true;
    },
  };
}

/** A code or token that was given to this client. */
function own<Given extends { readonly authorization: Authorization }>(given: Given | undefined, clientId: string): Given {
  if (given === undefined || given.authorization.ended || given.authorization.clientId !== clientId)
    throw new InvalidGrantError('The code or token is not known, has expired or was revoked');
  return given;
}

/** What comes twice was stolen by one of the two who sent it: both lose it (OAuth 2.1, sections 4.1.3 and 4.3.1). */
function usedOnce(given: { readonly authorization: Authorization; used: boolean }): Authorization {
  if (given.used) {
    given.authorization.ended = true;
    throw new InvalidGrantError('The code or token was used before');
  }
  given.used = true;
  return given.authorization;
}
