import fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { goodClaims, goodHeader, issuer, now, platformKey, serverId, signParts } from '../test-vectors/craft.ts';
import { createVerifier } from '../verify/index.ts';
import type { Verifier } from '../verify/index.ts';
import { identityOf, requireIdentity } from './index.ts';

const verifier = createVerifier({ issuer, serverId, jwks: { keys: [platformKey.jwk] }, clock: () => now * 1000 });
const headers = { 'x-runlayer-identity-token': signParts(goodHeader, goodClaims.agent) };
let app: FastifyInstance;

beforeEach(() => {
  app = fastify();
});
afterEach(() => app.close());

it('covers routes of the instance that registered it, above and below it in the program, and their children', async () => {
  app.get('/above', () => 'reached');
  app.register(requireIdentity(verifier));
  app.get('/below', () => 'reached');
  app.register(async (child) => {
    child.get('/child', () => 'reached');
  });
  for (const url of ['/above', '/below', '/child']) {
    expect({ url, status: (await app.inject({ url })).statusCode }).toEqual({ url, status: 401 });
    expect({ url, body: (await app.inject({ url, headers })).body }).toEqual({ url, body: 'reached' });
  }
});

it('leaves siblings of that instance open', async () => {
  app.get('/health', () => 'ok');
  app.register(async (mcp) => {
    await mcp.register(requireIdentity(verifier));
    mcp.get('/me', (request) => identityOf(request).subjectType);
  });
  expect((await app.inject({ url: '/health' })).statusCode).toBe(200);
  expect((await app.inject({ url: '/me' })).statusCode).toBe(401);
  expect((await app.inject({ url: '/me', headers })).body).toBe('agent');
});

it('may stand in a child again, for another server id', async () => {
  const other = createVerifier({ issuer, serverId: 'other', jwks: { keys: [platformKey.jwk] }, clock: () => now * 1000 });
  app.register(requireIdentity(verifier));
  app.get('/', () => 'reached');
  app.register(async (child) => {
    await child.register(requireIdentity(other));
    child.get('/child', () => 'reached');
  });
  expect((await app.inject({ url: '/', headers })).statusCode).toBe(200);
  expect((await app.inject({ url: '/child', headers })).statusCode).toBe(401);
});

it('tells strangers nothing of which routes there are', async () => {
  app.register(requireIdentity(verifier));
  expect((await app.inject({ url: '/nowhere' })).statusCode).toBe(401);
  expect((await app.inject({ url: '/nowhere', headers })).statusCode).toBe(404);
});

it('refuses before a body is read', async () => {
  app.register(requireIdentity(verifier));
  app.post('/', () => 'reached');
  const answer = await app.inject({ method: 'POST', url: '/', payload: '{broken', headers: { 'content-type': 'application/json' } });
  expect(answer.statusCode).toBe(401);
});

it('does not run the handler while a hook holds the refusal back', async () => {
  let reached = false;
  app.addHook('onSend', async () => new Promise((resolve) => setImmediate(resolve)));
  app.register(requireIdentity(verifier));
  app.get('/', () => {
    reached = true;
    return 'reached';
  });
  expect((await app.inject({ url: '/' })).statusCode).toBe(401);
  expect(reached).toBe(false);
});

it('hands an error that is no refusal to the error handler', async () => {
  const error = new TypeError('broken');
  const broken: Verifier = { ...verifier, verifyRequest: () => Promise.reject(error) };
  const seen: unknown[] = [];
  app.setErrorHandler((caught, _request, reply) => {
    seen.push(caught);
    return reply.code(500).send();
  });
  app.register(requireIdentity(broken));
  app.get('/', () => 'reached');
  expect((await app.inject({ url: '/', headers })).statusCode).toBe(500);
  expect(seen).toEqual([error]);
});

it('lets a handler without the plugin answer nobody', async () => {
  app.get('/', (request) => identityOf(request).subjectType);
  expect((await app.inject({ url: '/', headers })).statusCode).toBe(500);
});
