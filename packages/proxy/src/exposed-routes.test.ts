// Routes of `service.expose`: open without a key, and nothing else with them.
import { afterEach, describe, expect, it } from 'vitest';
import { ask, closeAll, connector, echo, hosted, key, listen, organizationId, rawGet, seen, startProxy } from '../test/rig.ts';
import type { Rig } from '../test/rig.ts';

afterEach(closeAll);

async function exposing(forward = { headers: true, token: true }): Promise<Rig> {
  return startProxy((await listen(echo)).port, { expose: ['/open', '/.well-known/*'], forward });
}

describe('an exposed route', () => {
  it('is open without a key, and tells the upstream the kind of subject and the organization only [PROXY-2, PROXY-4]', async () => {
    const { port, records } = await exposing();
    const answer = await ask(port, `${hosted}/open?a=1`, { headers: {} });
    expect(answer.status).toBe(200);
    const identity = seen(answer).headers.filter(([name]) => name.toLowerCase().startsWith('x-runlayer'));
    expect(identity).toEqual([
      ['X-Runlayer-Subject-Type', 'anonymous'],
      ['X-Runlayer-Org-Id', organizationId],
    ]);
    expect(records[0]?.subject).toBeUndefined();
  });

  it('tells nothing when the toggles are off [PROXY-4, ID-1]', async () => {
    const { port } = await exposing({ headers: false, token: false });
    expect(
      seen(await ask(port, `${hosted}/open`, { headers: {} })).headers.filter(([name]) => name.toLowerCase().startsWith('x-runlayer')),
    ).toEqual([]);
  });

  it("leaves Authorization to the upstream's own OAuth routes", async () => {
    const { port } = await exposing();
    const answer = await ask(port, `${hosted}/open`, {
      headers: { authorization: 'Basic Y2xpZW50OnNlY3JldA==' },
      method: 'POST',
      body: 'grant_type=x',
    });
    expect(seen(answer)).toMatchObject({
      body: 'grant_type=x',
      headers: expect.arrayContaining([['authorization', 'Basic Y2xpZW50OnNlY3JldA==']]),
    });
  });

  it.each([
    ['x-runlayer-api-key', { 'x-runlayer-api-key': key }],
    ['Authorization', { authorization: `Bearer ${key}` }],
    ['Authorization of another organization', { authorization: 'Bearer rl_foreign_key' }],
  ])('takes the platform key of %s away all the same', async (_name, headers) => {
    const { port } = await exposing();
    expect((await ask(port, `${hosted}/open`, { headers })).body).not.toMatch(/rl_/);
  });

  it('drops headers that stand for another method or path', async () => {
    const { port } = await exposing();
    const headers = {
      'x-http-method-override': 'POST',
      'x-original-url': '/mcp',
      'x-rewrite-url': '/mcp',
      x_original_url: '/mcp',
      'x-forwarded-prefix': '/mcp',
    };
    expect(
      seen(await ask(port, `${hosted}/open`, { headers })).headers.filter(([, value]) => value === '/mcp' || value === 'POST'),
    ).toEqual([]);
  });

  it('says nothing of why a deployment does not serve', async () => {
    const { port, set } = await exposing();
    set({ unavailable: { reason: 'Exit code 1: token=hunter2' } });
    const answer = await ask(port, `${hosted}/open`, { headers: {} });
    expect(answer.status).toBe(503);
    expect(answer.body).not.toContain('hunter2');
  });
});

describe('every other path', () => {
  const tricks = [
    '/opened',
    '/OPEN',
    '/open/',
    '/open.',
    '/open/x',
    '/mcp',
    '/',
    '',
    '/.well-known',
    '//open',
    '/open/../health',
    '/./open',
    '/open/..%2fmcp',
    '/%2e/open',
  ];
  const more = [
    '/open%2f',
    '/open;x',
    '/open%00',
    '/open\\',
    '/open%5c..%5cmcp',
    '/%252e%252e/open',
    '/open%2e',
    '/open%3b',
    '/.well-known/../mcp',
    '/.well-known/..',
    '/.well-known//x',
  ];
  it.each([...tricks, ...more])('%s needs a key or is refused [PROXY-2]', async (path) => {
    const { port } = await exposing();
    expect(Number((await rawGet(port, hosted + path)).slice(9, 12))).toSatisfy((status: number) => status === 400 || status === 401);
  });

  it.each(['/open/../health', '/a//b', '/a%2fb', '/a;b'])('%s is refused with a key too [PROXY-2]', async (path) => {
    const { port } = await exposing();
    const answer = await rawGet(port, hosted + path, [`x-runlayer-api-key: ${key}`]);
    expect(answer).toMatch(/^HTTP\/1\.1 400 [^]*ERR_PROXY_PATH/);
  });

  it('an absolute-form target reaches no exposed route [PROXY-2]', async () => {
    const { port } = await exposing();
    expect(await rawGet(port, `http://127.0.0.1${hosted}/open`)).toMatch(/^HTTP\/1\.1 404 [^]*framework/);
  });

  it('a connector has no exposed routes [PROXY-2]', async () => {
    const { port } = await exposing();
    expect((await ask(port, `${connector}/open`, { headers: {} })).status).toBe(401);
    expect((await ask(port, `${connector}/open`)).status).toBe(404);
    expect((await ask(port, connector)).status).toBe(404);
  });
});
