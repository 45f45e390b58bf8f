// The routes: discovery, the authorization server, the consent page and the MCP endpoint, all below the deployment URL.
import { authorizationHandler } from '@modelcontextprotocol/sdk/server/auth/handlers/authorize.js';
import { clientRegistrationHandler } from '@modelcontextprotocol/sdk/server/auth/handlers/register.js';
import { revocationHandler } from '@modelcontextprotocol/sdk/server/auth/handlers/revoke.js';
import { tokenHandler } from '@modelcontextprotocol/sdk/server/auth/handlers/token.js';
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js';
import { getOAuthProtectedResourceMetadataUrl, mcpAuthMetadataRouter } from '@modelcontextprotocol/sdk/server/auth/router.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { OAuthMetadata } from '@modelcontextprotocol/sdk/shared/auth.js';
import express from 'express';
import type { Express, Request, RequestHandler, Response } from 'express';
import { createAuthorizations } from './authorizations.ts';
import { consentHandler } from './consent.ts';
import { createProvider, scopes } from './provider.ts';
import type { Settings } from './settings.ts';
import { createTools } from './tools.ts';

/** The whole server as an Express application. */
export function createApp({ deploymentUrl, accessTokenSeconds }: Settings): Express {
  const resourceServerUrl = new URL(`${deploymentUrl}/mcp`);
  const authorizations = createAuthorizations(resourceServerUrl, accessTokenSeconds);
  const provider = createProvider(authorizations, resourceServerUrl);
  const app = express();
  app.disable('x-powered-by');
  // The platform's proxy is one hop, and tells the caller's address: the SDK's rate limits count by it.
  app.set('trust proxy', 1);
  // The SDK's `mcpAuthRouter` would put every address at the root of the host, which is the platform's: so each handler by itself.
  app.use(
    mcpAuthMetadataRouter({
      oauthMetadata: metadataOf(deploymentUrl),
      resourceServerUrl,
      scopesSupported: scopes,
      resourceName: 'OAuth example',
    }),
  );
  app.use('/register', clientRegistrationHandler({ clientsStore: provider.clientsStore }));
  app.use('/authorize', authorizationHandler({ provider }));
  app.post('/consent', express.urlencoded({ extended: false }), consentHandler(authorizations, deploymentUrl));
  app.use('/token', tokenHandler({ provider }));
  app.use('/revoke', revocationHandler({ provider }));
  const resourceMetadataUrl = getOAuthProtectedResourceMetadataUrl(resourceServerUrl);
  app.all(
    '/mcp',
    requireBearerAuth({ verifier: provider, requiredScopes: scopes, resourceMetadataUrl, expectedResource: resourceServerUrl }),
    mcp,
  );
  return app;
}

/** RFC 8414. The issuer is the deployment URL itself: clients refuse a document that names another one. */
function metadataOf(issuer: string): OAuthMetadata {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    registration_endpoint: `${issuer}/register`,
    revocation_endpoint: `${issuer}/revoke`,
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'none'],
    revocation_endpoint_auth_methods_supported: ['client_secret_post', 'none'],
    authorization_response_iss_parameter_supported: true,
    scopes_supported: scopes,
  };
}

/** Stateless: one server per request. */
const mcp: RequestHandler = (request, response) => {
  if (request.method === 'POST') return answerMcp(request, response);
  response.status(405).set('Allow', 'POST').end();
};

async function answerMcp(request: Request, response: Response): Promise<void> {
  const server = createTools();
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
  response.on('close', () => void server.close());
  await server.connect(transport);
  await transport.handleRequest(request, response);
}
