// The two identity toggles of a connector, over the API and through the proxy: whoever it is for, and however it is reached.
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMemoryProvisioner, createMemoryTarget } from '@runlayer/provisioner/memory';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestServer, type TestServer } from './testing/test-server.ts';

/** Answers with the reserved headers that it was sent. */
const echo: RequestListener = (request, response) => {
  const names = request.rawHeaders.filter((name, index) => index % 2 === 0 && /^x.runlayer/i.test(name));
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(names));
};

const world = createMemoryTarget();
const keys: Record<string, string> = {};
let server: TestServer;
let upstream: Server;

beforeAll(async () => {
  upstream = createServer(echo).listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  server = await startTestServer({}, { provisioner: createMemoryProvisioner({ target: world, behave: () => ({ handler: echo }) }) });
  const user = await api('POST', '/users', { email: 'member@example.com', role: 'member' });
  const agent = await api('POST', '/agents', { name: 'agent' });
  const owners = {
    member: { owner: 'user', user_id: user.id },
    agent: { owner: 'agent', agent_id: agent.id },
    pipeline: { owner: 'organization', role: 'deploy' },
  };
  for (const [name, owner] of Object.entries(owners)) keys[name] = (await api('POST', '/api-keys', { name, ...owner })).api_key;
}, 60_000);
afterAll(async () => {
  await server.stop();
  await world.close();
  upstream.close();
}, 30_000);

// oxlint-disable-next-line typescript/no-explicit-any
async function api(method: string, path: string, body?: object): Promise<any> {
  const { status, json, text } = await server.call(method, `/api/v1${path}`, { body });
  expect([status < 300, text]).toEqual([true, expect.any(String)]);
  return json;
}

async function deployed(name: string): Promise<string> {
  const { id } = await api('POST', '/deployments/', { name });
  const yaml = `name: ${name}\nruntime: docker\nservice:\n  port: 8000\n  path: /mcp\ninfrastructure:\n  cpu: 256\n  memory: 512\n`;
  await api('PUT', `/deployments/${id}`, { yaml_content: yaml, docker_image: 'runlayer-local:x' });
  await api('POST', `/deployments/${id}/trigger`);
  const released = async () => expect((await api('GET', `/deployments/${id}/status`)).status).toBe('succeeded');
  await vi.waitFor(released, { timeout: 10_000, interval: 25 });
  return id;
}

const plain = ['X-Runlayer-Subject-Type', 'X-Runlayer-Org-Id', 'X-Runlayer-User-Email', 'X-Runlayer-User-Id'];
const token = ['X-Runlayer-Identity-Token'];

describe.each([
  ['a deployment', 'streaming-http'],
  ['a deployment', 'sse'],
  ['an address', 'streaming-http'],
  ['an address', 'sse'],
])('a connector of %s over %s', (kind, transport) => {
  let id: string;
  let paths: string[];

  beforeAll(async () => {
    const deployment = kind === 'a deployment' ? await deployed(`toggled-${transport}`) : undefined;
    const { port } = upstream.address() as AddressInfo;
    const what = deployment === undefined ? { name: 'n', url: `http://127.0.0.1:${port}/mcp` } : { deployment_id: deployment };
    ({ id } = await api('POST', '/servers', { ...what, transport }));
    paths = [`/api/v1/proxy/${id}/mcp`, ...(deployment === undefined ? [] : [`/api/v1/proxy/hosted/${deployment}/mcp`])];
  });

  const toggles = async () => (await api('GET', `/servers/${id}`)).identity_forward as object;
  const toggle = (identity_forward: object, key?: string) =>
    server.call('PATCH', `/api/v1/servers/${id}`, { body: { identity_forward }, ...(key === undefined ? {} : { key }) });
  const shown = (path: string) => server.call('GET', path).then(({ json }) => json as string[]);

  it('has both off at first, and shows its server nothing [ID-1, PROXY-4]', async () => {
    expect(await toggles()).toEqual({ headers: false, token: false });
    for (const path of paths) expect(await shown(path)).toEqual([]);
  });

  it('takes them from admins only [ID-1]', async () => {
    for (const name of ['member', 'agent', 'pipeline']) {
      const refused = await toggle({ headers: true, token: true }, keys[name] ?? '');
      expect(refused).toMatchObject({ status: 403, json: { code: 'ERR_ROLE' } });
      const body = { name: 'n', url: 'http://127.0.0.1:9/mcp', identity_forward: { token: true } };
      expect(await server.call('POST', '/api/v1/servers', { key: keys[name] ?? '', body })).toMatchObject({ status: 403 });
    }
    expect(await toggles()).toEqual({ headers: false, token: false });
  });

  it.each<[object, object, string[]]>([
    [{ headers: true }, { headers: true, token: false }, plain],
    [{ token: true }, { headers: true, token: true }, [...plain, ...token]],
    [{ headers: false }, { headers: false, token: true }, token],
    [{ token: false }, { headers: false, token: false }, []],
  ])('turned by %j has %j, and shows its server that with the next call [ID-1, ID-2]', async (change, expected, names) => {
    expect((await toggle(change)).json.identity_forward).toEqual(expected);
    for (const path of paths) expect(await shown(path)).toEqual(names);
  });

  it('has each turn in the audit log: who, from what, to what, and none where nothing changed [ID-1, PLAT-6]', async () => {
    await toggle({ headers: false, token: false });
    const { data } = await api('GET', '/audit-events?limit=500');
    const turns = (data as { action: string; target: { id: string }; actor: object; before: object; after: object }[])
      .filter(({ action, target }) => action === 'connector.updated' && target.id === id)
      .map(({ actor, before, after }) => ({ actor, before, after }));
    const actor = expect.objectContaining({ type: 'user', name: 'admin@localhost' });
    expect(turns.toReversed()).toEqual([
      { actor, before: { identity_forward_headers: false }, after: { identity_forward_headers: true } },
      { actor, before: { identity_forward_token: false }, after: { identity_forward_token: true } },
      { actor, before: { identity_forward_headers: true }, after: { identity_forward_headers: false } },
      { actor, before: { identity_forward_token: true }, after: { identity_forward_token: false } },
    ]);
  });
});

it('a connector that is made with toggles on says so in the audit log [ID-1, PLAT-6]', async () => {
  const { id } = await api('POST', '/servers', { name: 'born', url: 'http://127.0.0.1:9/mcp', identity_forward: { token: true } });
  const { data } = await api('GET', '/audit-events?limit=500');
  expect(data).toContainEqual(
    expect.objectContaining({
      action: 'connector.created',
      target: expect.objectContaining({ id }),
      after: expect.objectContaining({ identity_forward_headers: false, identity_forward_token: true }),
    }),
  );
});

it('no connector speaks over standard streams [ID-1]', async () => {
  const body = { name: 'n', url: 'http://127.0.0.1:9/mcp', transport: 'stdio' };
  expect(await server.call('POST', '/api/v1/servers', { body })).toMatchObject({ status: 422 });
});
