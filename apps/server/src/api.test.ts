// The API as a whole: what every route shares.
import { connect } from 'node:net';
import { contract, type Operation } from '@runlayer/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './testing/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ RUNLAYER_ACCESS_LOG: 'off' });
}, 60_000);
afterAll(() => server.stop(), 30_000);

const operations = Object.entries(contract).map(([name, route]) => ({
  name: name as Operation,
  method: route.method.toUpperCase(),
  path: route.path.replace(/\{\w+\}/g, 'x'),
}));
const closed = operations.filter(({ name }) => contract[name]['x-runlayer-roles'] !== 'public');
const problem = { type: expect.any(String), title: expect.any(String), detail: expect.any(String), code: expect.stringMatching(/^ERR_/) };

describe('a credential', () => {
  it.each(closed)('is asked for by $method $path', async ({ method, path }) => {
    for (const key of [null, 'rl_wrong_key']) {
      const answer = await server.call(method, path, { key });
      expect(answer).toMatchObject({ status: 401, json: { ...problem, code: 'ERR_UNAUTHENTICATED', status: 401 } });
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  it('may come as a bearer token', async () => {
    const answer = await server.call('GET', '/api/v1/users/me', { key: null, headers: { authorization: `bearer ${server.adminKey}` } });
    expect(answer.json).toMatchObject({ type: 'user', role: 'admin', email: 'admin@localhost' });
  });

  it('that is endless is not looked up', async () => {
    expect((await server.call('GET', '/api/v1/users/me', { key: 'k'.repeat(5000) })).status).toBe(401);
  });
});

describe('roles', () => {
  const keys: Record<string, string> = {};
  beforeAll(async () => {
    keys['admin'] = server.adminKey;
    const member = await server.call('POST', '/api/v1/users', { body: { email: 'member@example.com', role: 'member' } });
    keys['member'] = (
      await server.call('POST', '/api/v1/api-keys', { body: { name: 'm', owner: 'user', user_id: member.json.id } })
    ).json.api_key;
    keys['deploy'] = (
      await server.call('POST', '/api/v1/api-keys', { body: { name: 'ci', owner: 'organization', role: 'deploy' } })
    ).json.api_key;
    const agent = await server.call('POST', '/api/v1/agents', { body: { name: '研究助手' } });
    keys['agent'] = (
      await server.call('POST', '/api/v1/api-keys', { body: { name: 'a', owner: 'agent', agent_id: agent.json.id } })
    ).json.api_key;
  });

  it.each(closed.flatMap((operation) => ['admin', 'member', 'deploy', 'agent'].map((who) => ({ ...operation, who }))))(
    '$who and $method $path [CLI-7, PLAT-1]',
    async ({ name, method, path, who }) => {
      const role = who === 'agent' ? 'member' : who;
      const allowed = (contract[name]['x-runlayer-roles'] as readonly string[]).includes(role);
      const answer = await server.call(method, path, { key: keys[who] ?? '' });
      if (allowed) expect([200, 400, 404, 422]).toContain(answer.status);
      else expect(answer).toMatchObject({ status: 403, json: { ...problem, code: 'ERR_ROLE' } });
    },
  );

  it('a key shows whose it is', async () => {
    expect((await server.call('GET', '/api/v1/users/me', { key: keys['deploy'] ?? '' })).json).toMatchObject({
      type: 'organization_key',
      name: 'ci',
      role: 'deploy',
      email: null,
    });
    expect((await server.call('GET', '/api/v1/users/me', { key: keys['agent'] ?? '' })).json).toMatchObject({
      type: 'agent',
      name: '研究助手',
      role: 'member',
    });
  });

  it('a revoked key stops working at once', async () => {
    const made = await server.call('POST', '/api/v1/api-keys', { body: { name: 'short', owner: 'organization', role: 'deploy' } });
    expect(made).toMatchObject({ status: 201, json: { owner: 'organization', role: 'deploy', revoked_at: null } });
    expect((await server.call('GET', '/api/v1/users/me', { key: made.json.api_key })).status).toBe(200);
    expect((await server.call('DELETE', `/api/v1/api-keys/${made.json.id}`)).status).toBe(204);
    expect((await server.call('GET', '/api/v1/users/me', { key: made.json.api_key })).status).toBe(401);
    const { json } = await server.call('GET', '/api/v1/api-keys?limit=500');
    expect(json.data.find((key: { id: string }) => key.id === made.json.id)).toMatchObject({ revoked_at: expect.any(String) });
    expect(JSON.stringify(json)).not.toContain(made.json.api_key);
  });
});

describe('an id', () => {
  const junk = [
    'x',
    '42',
    '-1',
    '%00',
    '%F0%9F%92%A5',
    "'%20or%201=1",
    '..%2f..%2fetc',
    'null',
    '00000000-0000-4000-8000-000000000000',
    'a'.repeat(3000),
    '%ff',
  ];
  const withId = operations.filter(({ name }) => contract[name].path.includes('{id}'));

  it.each(withId.flatMap((operation) => junk.map((id) => ({ ...operation, id }))))(
    '$id is not found by $method $path',
    async ({ name, method, id }) => {
      const path = contract[name].path.replace('{id}', id);
      const body: Partial<Record<Operation, unknown>> = {
        updateDeployment: { yaml_content: 'a: 1' },
        patchDeployment: { name: 'n' },
        patchServer: { name: 'n' },
        patchUser: { name: 'n' },
        patchAgent: { name: 'n' },
        beginLocalCall: { method: 'tools/list' },
        endLocalCall: { method: 'tools/list', result: [], correlation_id: 'c' },
      };
      const answer = await server.call(method, path, { body: body[name] });
      expect(answer).toMatchObject({ status: 404, json: { ...problem, status: 404 } });
    },
  );
});

describe('a body', () => {
  const path = '/api/v1/deployments/validate-yaml';
  it.each([
    ['over the limit', 'x'.repeat(5 * 1024 * 1024), 413, 'ERR_BODY_TOO_LARGE', /3 MiB/],
    ['with a YAML over the limit', JSON.stringify({ yaml_content: '#'.repeat(2 * 1024 * 1024 + 1) }), 413, 'ERR_BODY_TOO_LARGE', /2 MiB/],
    ['that is no JSON', '{', 400, 'ERR_BODY_MALFORMED', /not JSON/],
    ['that is empty', '', 400, 'ERR_BODY_MALFORMED', /needs a JSON body/],
    ['of the wrong form', '{"yaml_content":1}', 422, 'ERR_REQUEST_INVALID', /yaml_content/],
    ['that is a list', '[]', 422, 'ERR_REQUEST_INVALID', /object/],
  ])('%s is refused clearly', async (_name, body, status, code, detail) => {
    const answer = await server.call('POST', path, { body });
    expect(answer).toMatchObject({ status, json: { code, detail: expect.stringMatching(detail) } });
    expect((await server.call('GET', '/health')).status).toBe(200);
  });

  it('of another type is refused', async () => {
    expect(await server.call('POST', path, { body: '{}', headers: { 'content-type': 'text/plain' } })).toMatchObject({ status: 415 });
  });

  it('of bytes that are no UTF-8 is refused', async () => {
    const answer = await fetch(server.url + path, {
      method: 'POST',
      headers: { 'x-runlayer-api-key': server.adminKey, 'content-type': 'application/json' },
      body: new Uint8Array([0x22, 0xff, 0x22]),
    });
    expect(answer.status).toBe(400);
  });

  it('is not needed where there is none: the published client sends posts without', async () => {
    expect((await server.call('POST', '/api/v1/deployments/registry-credentials')).json).toEqual({
      username: '',
      password: '',
      registry_url: '',
      repository_url: 'runlayer-local',
      expires_at: null,
      deployment_mode: 'LOCAL',
    });
  });
});

describe('an address', () => {
  it.each(['/', '/api/v1', '/api/v1/nothing', '/.env', '/api/v1/deployments/x/y/z', '/oauth/callback'])('%s is unknown', async (path) => {
    expect(await server.call('GET', path)).toMatchObject({ status: 404, json: { ...problem, code: 'ERR_ROUTE_UNKNOWN' } });
  });

  it.each([
    ['PATCH', '/api/v1/deployments/', 'GET, HEAD, POST'],
    ['POST', '/api/v1/deployments/x', 'DELETE, GET, HEAD, PATCH, PUT'],
    ['TRACE', '/api/v1/users', undefined],
    ['DELETE', '/health', 'GET, HEAD'],
    ['OPTIONS', '/api/v1/api-keys/x', 'DELETE'],
    ['GET', '/api/v1/deployments/validate-yaml', 'POST'],
    ['DELETE', '/api/v1/deployments/registry-credentials', 'POST'],
  ])('does not take %s %s', async (method, path, allow) => {
    if (method === 'TRACE')
      return expect(await raw(`TRACE ${path} HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n`)).toMatch(/^HTTP\/1\.1 405 /);
    const answer = await server.call(method, path);
    expect(answer).toMatchObject({ status: 405, json: { code: 'ERR_METHOD_NOT_ALLOWED' } });
    expect(answer.headers.get('allow')).toBe(allow);
  });

  it.each(['/api/v1/deployments', '/api/v1/deployments/', '/api/v1/users/me/', '/health/'])(
    '%s works with and without its slash',
    async (path) => {
      expect((await server.call('GET', path)).status).toBe(200);
    },
  );

  it.each([
    ['?limit=0', 422],
    ['?limit=501', 422],
    ['?limit=', 422],
    ['?limit=1e3', 422],
    ['?skip=-1', 422],
    ['?limit=1&skip=0', 200],
    ['?unknown=1', 200],
  ])('a list takes %s with %i', async (query, status) => {
    expect((await server.call('GET', `/api/v1/deployments${query}`)).status).toBe(status);
  });
});

describe('every answer', () => {
  it.each(['/health', '/api/v1/users/me', '/nothing'])('of %s is marked and harmless in a browser', async (path) => {
    const { headers } = await server.call('GET', path);
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers.get('x-runlayer-origin')).toBe('platform');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it('is logged with route, status and time, and without key, query or body [SEC-1]', async () => {
    const sent = await server.call('POST', '/api/v1/deployments?canary-query=1', {
      body: { name: 'Canary Body' },
      headers: { 'x-canary': 'canary-header' },
    });
    const requestId = sent.headers.get('x-request-id');
    const line = server.logged.find((entry) => entry.includes(requestId ?? '?'));
    expect(JSON.parse(line ?? '{}')).toMatchObject({
      requestId,
      method: 'POST',
      route: '/api/v1/deployments/',
      status: sent.status,
      ms: expect.any(Number),
    });
    const all = server.logged.join('');
    for (const secret of ['canary-query', 'Canary Body', 'canary-header', server.adminKey]) expect(all).not.toContain(secret);
  });
});

it('a call through the proxy is not logged where the access log is off, and counted all the same', async () => {
  expect(await server.call('GET', '/api/v1/proxy/11111111-1111-4111-8111-111111111111/mcp')).toMatchObject({ status: 404 });
  const metrics = async () => (await server.call('GET', '/metrics')).text;
  await expect.poll(metrics).toContain('runlayer_proxy_calls_total{kind="connector",route="",status="404",outcome="refused"} 1\n');
  expect(server.logged.join('')).not.toContain('"msg":"call"');
});

describe('the platform says of itself', () => {
  it('that it is alive and ready', async () => {
    expect((await server.call('GET', '/health', { key: null })).json).toEqual({ status: 'ok', version: '0.0.0-test' });
    const ready = await server.call('GET', '/ready', { key: null });
    expect(ready).toMatchObject({
      status: 200,
      json: { status: 'ready', parts: { database: { ok: true }, worker: { ok: true }, target: { ok: true } } },
    });
  });

  it('its public keys, for caches [ID-4]', async () => {
    const path = '/.well-known/runlayer-identity-forward.jwks.json';
    const answer = await server.call('GET', path, { key: null });
    expect(answer).toMatchObject({
      status: 200,
      json: { keys: Array.from({ length: 2 }, () => ({ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig' })) },
    });
    expect(Object.keys(answer.json.keys[0]).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
    expect(answer.headers.get('cache-control')).toBe('public, max-age=300, must-revalidate');
    expect((await server.call('GET', path, { headers: { 'if-none-match': `W/${answer.headers.get('etag')}` } })).status).toBe(304);
  });

  it('its contract', async () => {
    expect((await server.call('GET', '/openapi.json', { key: null })).json).toMatchObject({
      openapi: '3.1.0',
      paths: expect.objectContaining({ '/ready': expect.anything() }),
    });
  });

  it('that it has no login by device code, and drops telemetry', async () => {
    expect(await server.call('POST', '/api/v1/cli/device/authorize', { key: null })).toMatchObject({
      status: 404,
      json: { code: 'ERR_DEVICE_LOGIN' },
    });
    expect(
      await server.call('POST', '/api/v1/telemetry/cli-command-events', { key: null, body: { events: [{ command: 'deploy' }] } }),
    ).toMatchObject({ status: 202 });
  });
});

function raw(request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.url);
    let text = '';
    const socket = connect(Number(port), hostname, () => socket.write(request));
    socket
      .on('data', (part) => (text += part.toString()))
      .on('end', () => resolve(text))
      .on('error', reject);
  });
}
