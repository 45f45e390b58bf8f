// Who gets through, with which credential, and that no credential of the platform reaches an upstream.
import { afterEach, describe, expect, it } from 'vitest';
import { ada, ask, closeAll, connector, deploymentId, echo, hosted, key, listen, rawGet, seen, startProxy } from '../test/rig.ts';
import type { Rig } from '../test/rig.ts';

afterEach(closeAll);

async function echoed(): Promise<Rig> {
  return startProxy((await listen(echo)).port);
}

describe('credentials', () => {
  it.each([
    ['x-runlayer-api-key', { 'x-runlayer-api-key': key }],
    ['Authorization: Bearer', { authorization: `Bearer ${key}` }],
    ['Authorization with another spelling', { authorization: `bEaReR ${key}` }],
    ['both at once', { authorization: `Bearer ${key}`, 'x-runlayer-api-key': key }],
  ])('takes a key as %s and shows it to no upstream [PROXY-2]', async (_name, headers) => {
    const { port } = await echoed();
    const answer = await ask(port, `${hosted}/health`, { headers });
    expect(answer.status).toBe(200);
    expect(answer.body).not.toContain(key);
  });

  it('leaves Authorization to the upstream when the key came in its own header [PROXY-1]', async () => {
    const { port } = await echoed();
    const answer = await ask(port, `${hosted}/mcp`, { headers: { 'x-runlayer-api-key': key, authorization: 'Bearer of-the-upstream' } });
    expect(seen(answer).headers).toContainEqual(['authorization', 'Bearer of-the-upstream']);
  });

  it.each([
    ['beside a good one', { 'x-runlayer-api-key': key, authorization: 'Bearer rl_agent_key' }, '/mcp'],
    ['beside a wrong one, on an exposed path', { 'x-runlayer-api-key': 'rl_wrong', authorization: `Bearer ${key}` }, '/open'],
    ["of another organization's, on an exposed path", { authorization: 'Bearer rl_foreign_key' }, '/open'],
  ])('shows no upstream a key in Authorization %s [PROXY-2]', async (_name, headers, path) => {
    const { port } = await startProxy((await listen(echo)).port, { expose: ['/open'] });
    const answer = await ask(port, `${hosted}${path}`, { headers });
    expect(answer.status).toBe(200);
    expect(answer.body).not.toMatch(/authorization/i);
  });

  it.each([
    ['none', {}, 'Bearer realm="runlayer"'],
    ['a wrong key', { 'x-runlayer-api-key': 'rl_wrong' }, 'Bearer realm="runlayer", error="invalid_token"'],
    ['a wrong bearer', { authorization: 'Bearer rl_wrong' }, 'Bearer realm="runlayer", error="invalid_token"'],
    ['Basic', { authorization: 'Basic cmw6eA==' }, 'Bearer realm="runlayer"'],
    ['two keys', { 'x-runlayer-api-key': [key, key] }, 'Bearer realm="runlayer", error="invalid_token"'],
  ])('answers 401 with a challenge to %s [PROXY-2]', async (_name, headers, challenge) => {
    const { port } = await echoed();
    const answer = await ask(port, `${hosted}/mcp`, { headers });
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toBe(challenge);
    expect(answer.headers['x-runlayer-origin']).toBe('platform');
    expect(JSON.parse(answer.body)).toMatchObject({ status: 401, code: 'ERR_PROXY_UNAUTHENTICATED', detail: expect.any(String) });
  });

  it.each([
    ['an organization key', 'rl_organization_key', 403, 'ERR_PROXY_NO_SUBJECT'],
    ['a role that may not call', 'rl_reader_key', 403, 'ERR_PROXY_FORBIDDEN'],
    ['a key of another organization', 'rl_foreign_key', 404, 'ERR_PROXY_NOT_FOUND'],
  ])('refuses %s', async (_name, credential, status, code) => {
    const { port } = await echoed();
    const answer = await ask(port, `${hosted}/mcp`, { headers: { 'x-runlayer-api-key': credential } });
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ code });
  });

  it('tells a foreign deployment and an unknown one in the same words', async () => {
    const { port } = await echoed();
    const unknown = '99999999-9999-4999-8999-999999999999';
    const foreign = await ask(port, `${hosted}/x`, { headers: { 'x-runlayer-api-key': 'rl_foreign_key' } });
    const none = await ask(port, `/api/v1/proxy/hosted/${unknown}/x`);
    expect(none.body.replaceAll(unknown, deploymentId)).toBe(foreign.body);
    expect((await ask(port, `/api/v1/proxy/hosted/${unknown}/x`, { headers: {} })).status).toBe(401);
  });

  it('adds the parameters of the challenge option', async () => {
    const upstream = await listen(echo);
    const { port } = await startProxy(upstream.port, {}, { challenge: (url) => `resource_metadata="${url}"` });
    const answer = await ask(port, `${connector}/mcp`, { headers: {} });
    expect(answer.headers['www-authenticate']).toContain(`resource_metadata="https://platform.example.com${connector}/mcp"`);
  });

  it('keeps the platform cookies from upstreams and the others with them', async () => {
    const { port } = await echoed();
    const headers = { 'x-runlayer-api-key': key, cookie: 'a=1; runlayer_session=secret; __Host-Runlayer_x=secret; b=2' };
    expect(seen(await ask(port, `${hosted}/x`, { headers })).headers).toContainEqual(['cookie', 'a=1; b=2']);
  });
});

describe('the memory for credentials', () => {
  it('asks once for many calls, and again after invalidate', async () => {
    const asked: string[] = [];
    const options = {
      authenticate: (credential: string) => (
        asked.push(credential),
        Promise.resolve({ organizationId: ada.organizationId, subject: ada, mayCall: true })
      ),
      limits: { authenticationTtlMs: 30_000 },
    };
    const { port, proxy } = await startProxy((await listen(echo)).port, {}, options);
    await Promise.all([ask(port, `${hosted}/a`), ask(port, `${hosted}/b`)]);
    expect(asked).toEqual([key]);
    proxy.invalidate(key);
    await ask(port, `${hosted}/c`);
    expect(asked).toEqual([key, key]);
  });

  it('answers 503 while the platform cannot tell, and does not remember it', async () => {
    let down = true;
    const authenticate = () => {
      if (down) throw new Error('password=hunter2');
      return { organizationId: ada.organizationId, subject: ada, mayCall: true };
    };
    const { port } = await startProxy((await listen(echo)).port, {}, { authenticate });
    const answer = await ask(port, `${hosted}/a`);
    expect(answer.status).toBe(503);
    expect(answer.body).not.toContain('hunter2');
    down = false;
    expect((await ask(port, `${hosted}/a`)).status).toBe(200);
  });
});

describe('requests nobody may make', () => {
  it('refuses TRACE and names what it takes', async () => {
    const { port } = await echoed();
    const answer = await ask(port, `${hosted}/x`, { method: 'TRACE' });
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toContain('POST');
  });

  it('refuses two Host headers, since two proxies may believe two of them', async () => {
    const { port } = await echoed();
    expect(await rawGet(port, `${hosted}/x`, ['Host: evil.example.com', `x-runlayer-api-key: ${key}`])).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('refuses two Authorization headers, since the second would pass unread', async () => {
    const { port } = await echoed();
    const lines = [`x-runlayer-api-key: ${key}`, 'Authorization: Basic cmw6eA==', `Authorization: Bearer ${key}`];
    expect(await rawGet(port, `${hosted}/x`, lines)).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('refuses a Host that is not the platform [PROXY-2]', async () => {
    const { port } = await echoed();
    expect((await ask(port, `${hosted}/x`, { headers: { host: 'evil.example.com', 'x-runlayer-api-key': key } })).status).toBe(421);
  });

  it('refuses WebSocket and ignores an offer of HTTP/2', async () => {
    const { port } = await echoed();
    const headers = { 'x-runlayer-api-key': key };
    expect((await rawGet(port, `${hosted}/x`, ['Upgrade: websocket', `x-runlayer-api-key: ${key}`])).slice(9, 12)).toBe('501');
    const answer = await rawGet(port, `${hosted}/x`, [
      'Upgrade: h2c',
      'HTTP2-Settings: AAMAAABk',
      `x-runlayer-api-key: ${headers['x-runlayer-api-key']}`,
    ]);
    expect(answer.slice(9, 12)).toBe('200');
    expect(answer.toLowerCase()).not.toContain('http2-settings');
  });

  it.each([
    ['http://evil.example.com', 403],
    ['null', 403],
    ['http://localhost.evil.example.com', 403],
    ['http://127.0.0.1.evil.example.com', 403],
    ['http://localhost:6274', 200],
    ['http://[::1]:6274', 200],
    ['http://127.0.0.1', 200],
    ['https://inspector.example.com', 200],
  ])('on loopback, answers a page of %s with %i', async (origin, status) => {
    const options = { platformUrl: 'http://localhost:3000', allowedHosts: [], allowedOrigins: ['https://inspector.example.com'] };
    const { port } = await startProxy((await listen(echo)).port, {}, options);
    expect((await ask(port, `${hosted}/x`, { headers: { origin, 'x-runlayer-api-key': key } })).status).toBe(status);
    expect((await ask(port, `${hosted}/x`, { headers: { host: 'evil.example.com', 'x-runlayer-api-key': key } })).status).toBe(421);
  });

  it('takes any page on an exposed route of a loopback platform: sandboxed consent pages send Origin null', async () => {
    const { port } = await startProxy(
      (await listen(echo)).port,
      { expose: ['/authorize'] },
      { platformUrl: 'http://localhost:3000', allowedHosts: [] },
    );
    expect((await ask(port, `${hosted}/authorize`, { headers: { origin: 'null' }, method: 'POST', body: 'allow=1' })).status).toBe(200);
  });

  it('takes any page on a public platform, since keys never travel by themselves', async () => {
    const { port } = await echoed();
    const answer = await ask(port, `${hosted}/x`, { headers: { origin: 'https://chat.example.com', 'x-runlayer-api-key': key } });
    expect(answer.status).toBe(200);
    expect(answer.headers['access-control-allow-origin']).toBe('*');
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
  });
});

describe('CORS', () => {
  it('answers a preflight without a key, for any header', async () => {
    const { port } = await echoed();
    const headers = {
      origin: 'https://chat.example.com',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'mcp-param-x,x-runlayer-api-key',
    };
    const answer = await ask(port, `${hosted}/mcp`, { method: 'OPTIONS', headers });
    expect(answer.status).toBe(204);
    expect(answer.headers['access-control-allow-headers']).toBe('mcp-param-x,x-runlayer-api-key');
  });

  it('lets a page read the challenge of a 401', async () => {
    const { port } = await echoed();
    const answer = await ask(port, `${hosted}/mcp`, { headers: { origin: 'https://chat.example.com' } });
    expect(answer.status).toBe(401);
    expect(answer.headers['access-control-expose-headers']).toMatch(/Mcp-Session-Id.*WWW-Authenticate.*X-Request-ID/);
  });
});
