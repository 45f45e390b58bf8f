// Clients that connect to a server themselves: where it is, whose identity they show there, and what is known of their calls.
import { createVerifier } from '@runlayer/identity-forward/verify';
import { subjectFromHeaders } from '@runlayer/identity-forward/headers';
import { jwksPath } from '@runlayer/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const tokenHeader = 'X-Runlayer-Identity-Token';
let server: TestServer;
let connector: string;
let organizationId: string;
const people: Record<'alice' | 'agent' | 'organization' | 'pipeline', { id: string; key: string }> = Object.create(null);

beforeAll(async () => {
  server = await startTestServer();
  ({ organization_id: organizationId } = (await server.call('GET', '/api/v1/users/me')).json);
  const alice = await made('/users', { email: 'alice@example.com', role: 'member' });
  const agent = await made('/agents', { name: '研究助手' });
  people.alice = { id: alice.id, key: await newKey({ owner: 'user', user_id: alice.id }) };
  people.agent = { id: agent.id, key: await newKey({ owner: 'agent', agent_id: agent.id }) };
  people.organization = { id: '', key: await newKey({ owner: 'organization', role: 'admin' }) };
  people.pipeline = { id: '', key: await newKey({ owner: 'organization', role: 'deploy' }) };
  connector = (await made('/servers', { name: 'Notes & more', url: 'http://127.0.0.1:9/mcp?tenant=1', transport: 'sse' })).id;
}, 60_000);
afterAll(() => server.stop(), 30_000);

// oxlint-disable-next-line typescript/no-explicit-any
async function made(path: string, body: object): Promise<any> {
  const answer = await server.call('POST', `/api/v1${path}`, { body });
  expect(answer).toMatchObject({ status: 201 });
  return answer.json;
}

async function newKey(owner: object): Promise<string> {
  return (await made('/api-keys', { name: 'k', ...owner })).api_key;
}

async function toggle(headers: boolean, token: boolean): Promise<void> {
  expect((await server.call('PATCH', `/api/v1/servers/${connector}`, { body: { identity_forward: { headers, token } } })).status).toBe(200);
}

const read = (key = people.alice.key, id = connector) => server.call('GET', `/api/v1/local/${id}`, { key });

const verifying = (serverId = connector) => createVerifier({ issuer: server.url, serverId, jwksUrl: server.url + jwksPath });

describe('the identity bundle', () => {
  it('is null while both toggles are off, and nobody keeps the answer [ID-1]', async () => {
    const { status, json, headers } = await read();
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(json).toEqual({
      id: connector,
      name: 'Notes & more',
      url: 'http://127.0.0.1:9/mcp?tenant=1',
      transport_type: 'sse',
      sync_required: false,
      identity_forward: null,
    });
  });

  it('has plain headers of whoever asks, which do not expire [ID-1, ID-2, ID-6]', async () => {
    await toggle(true, false);
    const { alice, agent } = people;
    const ofAlice = (await read()).json.identity_forward;
    expect(ofAlice).toMatchObject({ expires_at: null, applied: true });
    expect(subjectFromHeaders(ofAlice.headers)).toEqual({
      subjectType: 'user',
      organizationId,
      userId: alice.id,
      userEmail: 'alice@example.com',
    });
    const ofAgent = (await read(agent.key)).json.identity_forward;
    for (const value of Object.values(ofAgent.headers)) expect(value).toMatch(/^[\x20-\x7e]+$/);
    expect(subjectFromHeaders(ofAgent.headers)).toEqual({ subjectType: 'agent', organizationId, agentId: agent.id, agentName: '研究助手' });
  });

  it('has a token for that server alone, which expires when the bundle does [ID-1, ID-3, ID-5]', async () => {
    await toggle(false, true);
    const { headers, expires_at, applied } = (await read()).json.identity_forward;
    expect([Object.keys(headers), applied]).toEqual([[tokenHeader], true]);
    const identity = await verifying().verify(headers[tokenHeader]);
    expect(identity).toMatchObject({ subjectType: 'user', userId: people.alice.id });
    const claims = JSON.parse(Buffer.from(headers[tokenHeader].split('.')[1], 'base64url').toString()) as { iat: number; exp: number };
    expect(expires_at).toBe(claims.exp);
    expect(claims.exp - claims.iat).toBe(300);
    const other = (await made('/servers', { name: 'other', url: 'http://127.0.0.1:9/mcp' })).id;
    await expect(verifying(other).verify(headers[tokenHeader])).rejects.toMatchObject({ code: 'ERR_IDENTITY_TOKEN_AUDIENCE' });
  });

  it('is another one each time it is read again, and ends with its toggle [ID-1, ID-3]', async () => {
    await toggle(true, true);
    const bundles = await Promise.all([read(), read(), read(people.agent.key)].map(async (answer) => (await answer).json.identity_forward));
    expect(new Set(bundles.map(({ headers }) => headers[tokenHeader])).size).toBe(3);
    for (const { headers } of bundles)
      expect(Object.keys(headers)).toEqual([
        expect.stringContaining('Subject-Type'),
        expect.stringContaining('Org-Id'),
        expect.any(String),
        expect.any(String),
        tokenHeader,
      ]);
    await toggle(false, false);
    expect((await read()).json.identity_forward).toBeNull();
  });

  it('cannot be mixed with headers of the connector: it has none [ID-2]', async () => {
    const headers = { 'X-Runlayer-User-Id': 'evil' };
    for (const given of [{ transport_config: { headers } }, { headers }]) {
      const body = { name: 'n', url: 'http://127.0.0.1:9/mcp', ...given };
      expect(await server.call('POST', '/api/v1/servers', { body })).toMatchObject({ status: 422, json: { code: 'ERR_REQUEST_INVALID' } });
      expect((await server.call('PATCH', `/api/v1/servers/${connector}`, { body: given })).status).toBe(422);
    }
  });

  it('is in no line of the log [SEC-1]', async () => {
    await toggle(true, true);
    const token = (await read()).json.identity_forward.headers[tokenHeader] as string;
    const written = server.logged.join('');
    expect(written).toContain('"route":"/api/v1/local/{id}"');
    for (const secret of [token, token.split('.')[2] ?? '', 'alice@example.com']) expect(written).not.toContain(secret);
  });
});

describe('who may not call', () => {
  it('gets no identity: an organization’s key, a pipeline, nobody; and there is none for an unknown id [ID-1, PROXY-2]', async () => {
    await toggle(true, true);
    const body = { method: 'tools/list', params: null, result: [], correlation_id: 'c' };
    for (const [method, path] of [
      ['GET', '/resolve?target=other'],
      ['GET', `/${connector}`],
      ['POST', `/${connector}/pre`],
      ['POST', `/${connector}/post`],
    ] as const) {
      const ask = (key: string | null) => server.call(method, `/api/v1/local${path}`, { key, ...(method === 'POST' ? { body } : {}) });
      expect(await ask(people.organization.key)).toMatchObject({ status: 403, json: { code: 'ERR_LOCAL_SUBJECT' } });
      expect(await ask(people.pipeline.key)).toMatchObject({ status: 403, json: { code: 'ERR_ROLE' } });
      expect(await ask(null)).toMatchObject({ status: 401 });
    }
    for (const id of ['00000000-0000-4000-8000-000000000000', 'x'])
      expect(await read(people.alice.key, id)).toMatchObject({ status: 404, json: { code: 'ERR_CONNECTOR_NOT_FOUND' } });
  });

  it('is anybody, of a deployment: that is reached through the proxy [PROXY-1]', async () => {
    const deployment = await made('/deployments/', { name: 'deployed' });
    const { id, mcp_url } = await made('/servers', { deployment_id: deployment.id, identity_forward: { headers: true, token: true } });
    const answer = await read(people.alice.key, id);
    expect(answer).toMatchObject({ status: 409, json: { code: 'ERR_LOCAL_DEPLOYED', detail: expect.stringContaining(mcp_url) } });
    expect(answer.text).not.toMatch(/eyJ|alice/);
  });
});

describe('a target', () => {
  const resolve = (target: string) =>
    server.call('GET', `/api/v1/local/resolve?target=${encodeURIComponent(target)}`, { key: people.alice.key });

  it('is the whole name of one connector', async () => {
    expect(await resolve('Notes & more')).toMatchObject({ status: 200, json: { server_id: connector } });
    for (const unknown of ['Notes', 'notes & more', connector.slice(1)])
      expect(await resolve(unknown)).toMatchObject({ status: 404, json: { code: 'ERR_LOCAL_TARGET_UNKNOWN' } });
    for (const invalid of ['', 'x'.repeat(201)]) expect(await resolve(invalid)).toMatchObject({ status: 422 });
  });

  it('that several have is told with their ids', async () => {
    const twins = [
      await made('/servers', { name: 'twin', url: 'http://127.0.0.1:9/a' }),
      await made('/servers', { name: 'twin', url: 'http://127.0.0.1:9/b' }),
    ];
    const { status, json } = await resolve('twin');
    expect([status, json.code]).toEqual([409, 'ERR_LOCAL_TARGET_AMBIGUOUS']);
    for (const { id } of twins) expect(json.detail).toContain(id);
  });
});

describe('a call that a client makes itself', () => {
  const tell = (step: 'pre' | 'post', body: unknown) =>
    server.call('POST', `/api/v1/local/${connector}/${step}`, { key: people.alice.key, body });

  it('is allowed as it is, and what comes of it is shown as it came', async () => {
    const params = { name: 'add', arguments: { a: 1, secret: 'canary' }, meta: null, task: null };
    const before = await tell('pre', { method: 'tools/call', params, client_flows: { flows: [] } });
    expect(before).toMatchObject({ status: 200 });
    expect(before.json).toEqual({ correlation_id: expect.stringMatching(/^[\da-f-]{36}$/) });
    const { correlation_id } = before.json;
    const result = { content: [{ type: 'text', text: 'canary' }], isError: false, structuredContent: null };
    expect(
      await tell('post', {
        method: 'tools/call',
        params,
        result,
        correlation_id,
        inject_synthetic_tool_on_policy_block: false,
        upstream_error: null,
      }),
    ).toMatchObject({ status: 200, json: {} });
    const tools = [{ name: 'add', inputSchema: { type: 'object', properties: { a: {} } }, _meta: { x: [1] } }, { name: '研究' }];
    const listed = await tell('post', { method: 'tools/list', params: null, result: tools, correlation_id });
    expect(listed.json).toEqual(tools);
  });

  it('is one line of the log: who, which tool, how it ended, and nothing that was said [ID-2, SEC-1]', async () => {
    const params = { name: 'x'.repeat(500), arguments: { secret: 'canary' } };
    const upstream_error = { type: 'ConnectError', message: 'canary' };
    await tell('post', { method: 'tools/call', params, result: { content: 'canary' }, correlation_id: 'c-7', upstream_error });
    const lines = server.logged.filter((line) => line.includes('"correlationId":"c-7"'));
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      msg: 'call',
      kind: 'local',
      routeId: connector,
      organizationId,
      caller: { type: 'user', userId: people.alice.id },
      mcpMethod: 'tools/call',
      mcpName: 'x'.repeat(128),
      outcome: 'upstream-failed',
    });
    expect(server.logged.join('')).not.toContain('canary');
  });

  it.each([
    ['no method', {}],
    ['a method without end', { method: 'x'.repeat(201) }],
    ['params that are no object', { method: 'tools/call', params: [] }],
    ['tools that are no array', { method: 'tools/list', params: null, result: { tools: [] }, correlation_id: 'c' }],
  ])('is refused with %s', async (_name, body) => {
    expect(await tell('post', body)).toMatchObject({ status: 422, json: { code: 'ERR_REQUEST_INVALID' } });
  });

  it('may tell of more than other requests may, yet not of everything', async () => {
    const telling = (mebibytes: number) =>
      tell('post', { method: 'tools/call', params: null, result: 'x'.repeat(mebibytes * 1024 * 1024), correlation_id: 'c' });
    expect(await telling(15)).toMatchObject({ status: 200, json: {} });
    expect(await telling(17)).toMatchObject({
      status: 413,
      json: { code: 'ERR_BODY_TOO_LARGE', detail: expect.stringContaining('16 MiB') },
    });
  });
});
