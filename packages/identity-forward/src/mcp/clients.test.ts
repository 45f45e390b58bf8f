// The official clients against the official servers behind the adapter: who is told, and what a refusal makes a client do.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import { StreamableHTTPClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { describe, expect, it } from 'vitest';
import { mcpServers } from '../test-servers/mcp-servers.ts';
import { listen } from '../test-servers/test-server.ts';
import { goodClaims, goodHeader, issuer, now, platformKey, serverId, signParts } from '../test-vectors/craft.ts';
import { createVerifier } from '../verify/index.ts';
import { requireIdentity } from './index.ts';

const verifier = createVerifier({ issuer, serverId, jwks: { keys: [platformKey.jwk] }, clock: () => now * 1000 });

interface Options {
  readonly requestInit?: { headers: Record<string, string> };
  readonly authProvider?: OAuthClientProvider;
}

const clients = {
  '1.x': async (url: URL, options: Options) => {
    const client = new OldClient({ name: 'test', version: '1' });
    await client.connect(new OldTransport(url, options));
    return client;
  },
  '2.x': async (url: URL, options: Options) => {
    const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'auto' } });
    await client.connect(new StreamableHTTPClientTransport(url, options));
    return client;
  },
};

describe.each(Object.keys(clients) as (keyof typeof clients)[])('a client of the SDK %s', (generation) => {
  const connect = clients[generation];

  it.each(Object.keys(mcpServers))('is known to a tool of %s [ID-5, ID-6]', async (name) => {
    const server = await mcpServers[name]!.start(verifier, () => undefined);
    try {
      for (const claims of Object.values(goodClaims)) {
        const token = signParts(goodHeader, claims);
        const client = await connect(endpoint(server.port), { requestInit: { headers: { 'X-Runlayer-Identity-Token': token } } });
        const result = (await client.callTool({ name: 'whoami', arguments: {} })) as { content: { text: string }[] };
        await client.close();
        const { authInfo, ...identity } = JSON.parse(result.content[0]?.text ?? '') as Record<string, unknown>;
        expect(identity).toEqual(await verifier.verify(token));
        expect(authInfo).toMatchObject({ token: claims.jti, clientId: claims.sub, scopes: [], expiresAt: claims.exp });
      }
    } finally {
      await server.close();
    }
  });

  it('does not begin OAuth at a refusal with 403, and says that it was one', async () => {
    const { error, paths } = await refused(403);
    // The SDK 2.x, while it negotiates, tells of the status only.
    expect(String(error)).toContain({ '1.x': 'ERR_IDENTITY_TOKEN_MISSING', '2.x': 'denied access (HTTP 403)' }[generation]);
    expect(new Set(paths)).toEqual(new Set(['/mcp']));
  });

  it('begins OAuth at a refusal with 401, whatever the challenge: the reason for 403', async () => {
    const { error, paths } = await refused(401);
    expect(String(error)).not.toContain('ERR_IDENTITY');
    expect(paths).toContain('/.well-known/oauth-authorization-server');
    expect(paths).toContain('/register');
  });

  /** What a client with OAuth asks of a server that refuses its token. */
  async function refused(status: 401 | 403): Promise<{ readonly error: unknown; readonly paths: readonly string[] }> {
    const paths: string[] = [];
    const middleware = requireIdentity(verifier, { status });
    const server = await listen((request, response) => {
      paths.push(request.url ?? '');
      if (request.url === '/mcp') middleware(request, response, () => response.end());
      else response.writeHead(404).end();
    });
    try {
      const error = await connect(endpoint(server.port), { authProvider }).catch((caught: unknown) => caught);
      return { error, paths };
    } finally {
      await server.close();
    }
  }
});

const authProvider: OAuthClientProvider = {
  redirectUrl: 'http://127.0.0.1/callback',
  clientMetadata: { redirect_uris: ['http://127.0.0.1/callback'] },
  clientInformation: () => undefined,
  saveClientInformation: () => undefined,
  tokens: () => undefined,
  saveTokens: () => undefined,
  redirectToAuthorization: () => undefined,
  saveCodeVerifier: () => undefined,
  codeVerifier: () => '',
};

function endpoint(port: number): URL {
  return new URL(`http://127.0.0.1:${port}/mcp`);
}
