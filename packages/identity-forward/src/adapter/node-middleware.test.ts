import { describe, expect, it, vi } from 'vitest';
import { identityOf, requireIdentity } from '../express/index.ts';
import { requireIdentity as fastifyPlugin } from '../fastify/index.ts';
import { requireIdentity as honoMiddleware } from '../hono/index.ts';
import { requireIdentity as mcpMiddleware, withIdentity } from '../mcp/index.ts';
import { send } from '../test-servers/send.ts';
import { listen } from '../test-servers/test-server.ts';
import { goodClaims, goodHeader, issuer, now, platformKey, serverId, signParts } from '../test-vectors/craft.ts';
import { createVerifier } from '../verify/index.ts';
import type { Verifier } from '../verify/index.ts';

const verifier = createVerifier({ issuer, serverId, jwks: { keys: [platformKey.jwk] }, clock: () => now * 1000 });
const token = signParts(goodHeader, goodClaims.obo);

it('hands an error that is no refusal to next, as it is', async () => {
  const error = new TypeError('broken');
  const broken: Verifier = { ...verifier, verifyRequest: () => Promise.reject(error) };
  const handed: unknown[] = [];
  const middleware = requireIdentity(broken);
  const server = await listen((request, response) =>
    middleware(request, response, (passed) => {
      handed.push(passed);
      response.end();
    }),
  );
  await send(server.port, []);
  await server.close();
  expect(handed).toEqual([error]);
});

it('leaves a request alone that was answered while its token was checked, and does not call next', async () => {
  const next = vi.fn();
  const middleware = requireIdentity(verifier);
  const server = await listen((request, response) => {
    response.writeHead(408).end();
    middleware(request, response, next);
  });
  expect((await send(server.port, [])).status).toBe(408);
  await server.close();
  expect(next).not.toHaveBeenCalled();
});

it('keeps what earlier middleware set, such as the headers of CORS', async () => {
  const middleware = requireIdentity(verifier);
  const server = await listen((request, response) => {
    response.setHeader('Access-Control-Allow-Origin', 'https://app.example');
    middleware(request, response, () => response.end());
  });
  const { status, headers } = await send(server.port, []);
  await server.close();
  expect({ status, origin: headers['access-control-allow-origin'] }).toEqual({ status: 401, origin: 'https://app.example' });
});

it('gives the identity back only where the middleware ran', () => {
  expect(() => identityOf({ headers: {} })).toThrow(expect.objectContaining({ code: 'ERR_IDENTITY_OPTIONS', status: 500 }));
});

it('knows both parties of an agent on behalf of a user [ID-6]', async () => {
  const request = { headers: { 'x-runlayer-identity-token': token } };
  const response = { statusCode: 0, headersSent: false, setHeader: vi.fn(), end: vi.fn() };
  await new Promise((resolve) => requireIdentity(verifier)(request, response, resolve));
  const { user_id: userId, agent_id: agentId } = goodClaims.obo;
  expect(identityOf(request)).toMatchObject({ subjectType: 'obo', userId, agentId });
});

describe('a status that would let a refused caller in', () => {
  const handler = { fetch: () => Promise.resolve(new Response()) };
  it.each<[string, (status: 401) => unknown]>([
    ['Express', (status) => requireIdentity(verifier, { status })],
    ['Hono', (status) => honoMiddleware(verifier, { status })],
    ['Fastify', (status) => fastifyPlugin(verifier, { status })],
    ['MCP', (status) => mcpMiddleware(verifier, { status })],
    ['web-standard MCP', (status) => withIdentity(verifier, handler, { status })],
  ])('is refused by the adapter for %s when the program starts', (_name, make) => {
    expect(() => make(200 as 401)).toThrow(expect.objectContaining({ code: 'ERR_IDENTITY_OPTIONS' }));
  });
});
