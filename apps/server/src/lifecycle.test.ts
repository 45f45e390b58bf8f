// A deployment from its record to its end over HTTP, with the exact forms that the published client reads.
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './testing/test-server.ts';

const secret = 'canary-5f1d2c';
const yaml = (id: string, name: string, more = '') => `id: ${id}
name: ${name}
runtime: docker
service:
  port: 8000
  path: /mcp
  expose:
    - /open
infrastructure:
  cpu: 256
  memory: 512
env:
  SECRET: ${secret}
  CALLBACK: $$DEPLOYMENT_URL/cb
${more}`;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
}, 60_000);
afterAll(() => server.stop(), 30_000);

const deployments = '/api/v1/deployments';
const iso = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
const uuid = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const created = async (name: string) => (await server.call('POST', `${deployments}/`, { body: { name } })).json;

async function until<Value>(read: () => Promise<Value>, done: (value: Value) => boolean): Promise<Value> {
  for (let tries = 0; tries < 400; tries += 1) {
    const value = await read();
    if (done(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return expect.fail('it did not become so in time');
}

async function deployed(
  name: string,
  image = 'runlayer-local:x',
  more = '',
): Promise<{ id: string; historyId: string; status: Record<string, unknown> }> {
  const { id } = await created(name);
  const put = await server.call('PUT', `${deployments}/${id}`, { body: { yaml_content: yaml(id, name, more), docker_image: image } });
  expect(put).toMatchObject({ status: 200 });
  const { json } = await server.call('POST', `${deployments}/${id}/trigger`);
  const read = async () => (await server.call('GET', `${deployments}/${id}/status`)).json;
  const status = await until(read, (value) => ['succeeded', 'failed'].includes(value.status));
  return { id, historyId: json.history_id, status };
}

describe('a new record', () => {
  it('has the form that the published client checks [CLI-2, PLAT-2]', async () => {
    const answer = await server.call('POST', `${deployments}/`, { body: { name: 'notes' } });
    expect(answer).toMatchObject({ status: 201 });
    expect(answer.json).toEqual({
      id: uuid,
      name: 'notes',
      icon: null,
      state: 'never_deployed',
      failure: null,
      configuration: {},
      created_at: iso,
      updated_at: iso,
      template_yaml: expect.stringContaining(`id: ${answer.json.id}`),
      deletion_status: null,
      connected_servers: [],
      connector_id: null,
      server_id: uuid,
      task_role_arn: null,
      deployment_outputs: {},
      deployment_url: `${server.url}/api/v1/proxy/hosted/${answer.json.id}`,
      mcp_url: null,
      server_url: null,
      latest_history_id: null,
      serving_history_id: null,
      deletion_failure: null,
      created_by: expect.any(String),
    });
  });

  it('can be exported, validated and asked for its status before any deploy [CLI-5]', async () => {
    const { id, template_yaml } = await created('fresh');
    const exported = await server.call('GET', `${deployments}/${id}/export-yaml`);
    expect(exported.json.yaml_content).toContain(`id: ${id}`);
    expect((await server.call('POST', `${deployments}/validate-yaml`, { body: { yaml_content: template_yaml } })).json).toMatchObject({
      valid: true,
    });
    const { json } = await server.call('GET', `${deployments}/${id}/status`);
    expect(json).toEqual({ deployment_id: id, history_id: null, status: 'not_deployed', state: 'never_deployed', deletion_status: null });
  });

  it('is refused with a name that is not URL-friendly [CLI-2]', async () => {
    expect(await server.call('POST', deployments, { body: { name: 'Not URL Friendly' } })).toMatchObject({
      status: 422,
      json: { code: 'ERR_DEPLOYMENT_NAME_INVALID', detail: expect.any(String) },
    });
  });

  it('can be renamed and given an icon [PLAT-2]', async () => {
    const { id } = await created('plain');
    expect((await server.call('PATCH', `${deployments}/${id}`, { body: { name: 'pretty', icon: '🗒️' } })).json).toMatchObject({
      name: 'pretty',
      icon: '🗒️',
    });
  });
});

describe('a deploy', () => {
  it('is stored, released, served and logged [CLI-3, PLAT-2]', async () => {
    const { id, historyId, status } = await deployed('served');
    expect(status).toEqual({ deployment_id: id, history_id: historyId, status: 'succeeded', state: 'serving', deletion_status: null });
    const record = await server.call('GET', `${deployments}/${id}`);
    expect(record.json).toMatchObject({
      state: 'serving',
      serving_history_id: historyId,
      latest_history_id: historyId,
      mcp_url: `${server.url}/api/v1/proxy/hosted/${id}/mcp`,
      configuration: { port: 8000, aws_assume_roles: {}, env: { SECRET: '***', CALLBACK: '***' } },
    });
    const history = await server.call('GET', `${deployments}/${id}/history?limit=100`);
    expect(history.json).toMatchObject({
      count: 1,
      data: [{ id: historyId, number: 1, status: 'succeeded', docker_image: 'runlayer-local:x' }],
    });
    expect((await server.call('GET', `${deployments}/history/${historyId}`)).json).toMatchObject({
      id: historyId,
      deployment_id: id,
      failure: null,
    });
  });

  it('is triggered with all four keys, and once for one idempotency key', async () => {
    const { id } = await deployed('twice');
    const headers = { 'idempotency-key': 'k1' };
    const first = await server.call('POST', `${deployments}/${id}/trigger`, { headers });
    const second = await server.call('POST', `${deployments}/${id}/trigger`, { headers });
    expect(first).toMatchObject({
      status: 202,
      json: { deployment_id: id, request_id: expect.any(String), status: expect.any(String), history_id: uuid },
    });
    expect(second.json.history_id).toBe(first.json.history_id);
  });

  it('has a log that only grows, whole lines, no newline at the end', async () => {
    const { historyId } = await deployed('logged');
    const { json } = await server.call('GET', `${deployments}/history/${historyId}/logs`);
    expect(json).toEqual({ logs: expect.not.stringMatching(/\n$/), lines: expect.any(Number) });
    expect(json.logs.split('\n')).toHaveLength(json.lines);
    const rest = await server.call('GET', `${deployments}/history/${historyId}/logs?after=1`);
    expect(rest.json).toEqual({ logs: json.logs.split('\n').slice(1).join('\n'), lines: json.lines });
  });

  it('shows the lines of its container', async () => {
    const { id } = await deployed('talkative');
    await server.call('GET', `/api/v1/proxy/hosted/${id}/log/hello`);
    const { json } = await server.call('GET', `${deployments}/${id}/logs?tail=1`);
    expect(json).toEqual({ lines: [{ time: iso, stream: 'stdout', line: 'hello' }] });
  });

  it('that fails says why and what to do [PLAT-4]', async () => {
    const { id, historyId, status } = await deployed('broken', 'demo/fail-exited-at-start:1');
    expect(status).toMatchObject({
      status: 'failed',
      state: 'failed',
      error: expect.stringContaining('exited'),
      failure: { code: 'exited_at_start', fix: expect.any(String) },
    });
    expect((await server.call('GET', `${deployments}/history/${historyId}`)).json).toMatchObject({
      status: 'failed',
      failure: { code: 'exited_at_start' },
    });
    expect(await server.call('GET', `/api/v1/proxy/hosted/${id}/mcp`)).toMatchObject({ status: 503 });
  });

  it('without a configuration is refused', async () => {
    const { id } = await created('empty');
    expect(await server.call('POST', `${deployments}/${id}/trigger`)).toMatchObject({
      status: 422,
      json: { code: 'ERR_DEPLOYMENT_NOT_CONFIGURED' },
    });
  });

  it('with an invalid file names every issue and stores nothing', async () => {
    const { id } = await created('unharmed');
    const answer = await server.call('PUT', `${deployments}/${id}`, {
      body: { yaml_content: 'name: x\nnonsense: 1\n', docker_image: 'i' },
    });
    expect(answer).toMatchObject({
      status: 422,
      json: { code: 'ERR_CONFIG_INVALID', detail: expect.any(String), issues: expect.any(Array) },
    });
    expect((await server.call('GET', `${deployments}/${id}`)).json).toMatchObject({ configuration: {} });
  });
});

describe('the container', () => {
  it('gets the automatic variables and the replaced placeholders [AUTO-1, AUTO-2]', async () => {
    const { id } = await deployed('told');
    const { server_id } = (await server.call('GET', `${deployments}/${id}`)).json;
    const { json } = await server.call('GET', `/api/v1/proxy/hosted/${id}/env`);
    const url = `${server.url}/api/v1/proxy/hosted/${id}`;
    expect(json).toMatchObject({
      SECRET: secret,
      CALLBACK: `${url}/cb`,
      DEPLOYMENT_URL: url,
      RUNLAYER_URL: server.url,
      RUNLAYER_OAUTH_CALLBACK_URL: `${server.url}/oauth/callback`,
      RUNLAYER_DEPLOYMENT_ID: id,
      RUNLAYER_SERVER_ID: server_id,
    });
    const keys = new URL(json.RUNLAYER_IDENTITY_JWKS_URL);
    expect(keys.hostname).toBe('host.docker.internal');
    keys.hostname = '127.0.0.1';
    expect(await (await fetch(keys)).json()).toEqual((await server.call('GET', keys.pathname)).json);
  });

  it('is reached with a key only, save where it is exposed [PROXY-2]', async () => {
    const { id } = await deployed('guarded');
    const base = `/api/v1/proxy/hosted/${id}`;
    expect((await server.call('GET', `${base}/open`, { key: null })).status).toBe(200);
    for (const path of ['/env', '/mcp', '/opened', '/OPEN', '/open/x'])
      expect((await server.call('GET', base + path, { key: null })).status).toBe(401);
    expect(await rawStatus(`${base}/open/../env`)).toBe(400);
    expect((await server.call('GET', `${base}/env`, { key: 'rl_wrong' })).status).toBe(401);
  });

  it('is not reached with the key of a pipeline [CLI-7]', async () => {
    const { id } = await deployed('peopleonly');
    const { json } = await server.call('POST', '/api/v1/api-keys', { body: { name: 'ci', owner: 'organization', role: 'deploy' } });
    expect((await server.call('GET', `/api/v1/proxy/hosted/${id}/env`, { key: json.api_key })).status).toBe(403);
  });
});

describe('a connector', () => {
  it('is registered from a deployment, takes its server id, and keeps it from being destroyed [PLAT-3, PLAT-5, CLI-6]', async () => {
    const { id } = await deployed('connected');
    const { server_id } = (await server.call('GET', `${deployments}/${id}`)).json;
    const made = await server.call('POST', '/api/v1/servers', { body: { deployment_id: id, name: 'Notes' } });
    expect(made).toMatchObject({
      status: 201,
      json: {
        id: server_id,
        name: 'Notes',
        transport: 'streaming-http',
        deployment_id: id,
        url: null,
        identity_forward: { headers: false, token: false },
        status: 'active',
      },
    });
    expect((await server.call('GET', `${deployments}/${id}`)).json).toMatchObject({
      connector_id: server_id,
      connected_servers: [{ id: server_id, name: 'Notes' }],
    });
    expect(await server.call('DELETE', `${deployments}/${id}`)).toMatchObject({
      status: 409,
      json: { code: 'ERR_DEPLOYMENT_HAS_CONNECTORS', detail: expect.stringContaining('Notes') },
    });
    expect(await server.call('DELETE', `${deployments}/${id}?delete_connectors=true`)).toMatchObject({ status: 202 });
    expect((await server.call('GET', `/api/v1/servers/${server_id}`)).status).toBe(404);
  });

  it('has toggles that an admin turns, in the audit log [ID-1, PLAT-6]', async () => {
    const { id } = await deployed('toggled');
    const { json } = await server.call('POST', '/api/v1/servers', { body: { deployment_id: id } });
    const changed = await server.call('PATCH', `/api/v1/servers/${json.id}`, { body: { identity_forward: { token: true } } });
    expect(changed.json).toMatchObject({ identity_forward: { headers: false, token: true } });
    const audit = await server.call('GET', '/api/v1/audit-events?limit=20');
    expect(audit.json.data).toContainEqual(
      expect.objectContaining({
        action: 'connector.updated',
        target: expect.objectContaining({ id: json.id }),
        actor: expect.objectContaining({ type: 'user' }),
        time: iso,
      }),
    );
    expect((await server.call('GET', '/api/v1/servers?scope=accessible&limit=100')).json.data).toContainEqual(changed.json);
    expect((await server.call('DELETE', `/api/v1/servers/${json.id}`)).status).toBe(204);
  });

  it('by URL needs a web address', async () => {
    expect(await server.call('POST', '/api/v1/servers', { body: { name: 'x', url: 'file:///etc/passwd' } })).toMatchObject({
      status: 422,
      json: { code: 'ERR_CONNECTOR_URL_INVALID' },
    });
    expect(await server.call('POST', '/api/v1/servers', { body: { name: 'x' } })).toMatchObject({ status: 422 });
  });
});

describe('an export', () => {
  it('has placeholders for values, keeps `$$`, and validates again [CLI-5, SEC-1]', async () => {
    const { id } = await deployed('exported');
    const { json, text } = await server.call('GET', `${deployments}/${id}/export-yaml`);
    expect(json.yaml_content).toMatch(/SECRET: '?\$\{SECRET\}/);
    expect(json.yaml_content).toContain('$$DEPLOYMENT_URL/cb');
    expect(text).not.toContain(secret);
    expect((await server.call('POST', `${deployments}/validate-yaml`, { body: json })).json).toMatchObject({ valid: true });
  });
});

describe('a destroyed deployment', () => {
  it('stays readable, and takes no further change [PLAT-4, CLI-6]', async () => {
    const { id } = await deployed('gone');
    expect(await server.call('DELETE', `${deployments}/${id}`)).toMatchObject({
      status: 202,
      json: { id, deletion_status: expect.any(String) },
    });
    const record = await until(
      async () => (await server.call('GET', `${deployments}/${id}`)).json,
      (value) => value.deletion_status === 'deleted',
    );
    expect(record).toMatchObject({ id, state: 'deleted' });
    expect((await server.call('DELETE', `${deployments}/${id}`)).status).toBe(202);
    expect(await server.call('PUT', `${deployments}/${id}`, { body: { yaml_content: yaml(id, 'gone'), docker_image: 'i' } })).toMatchObject(
      { status: 409, json: { code: 'ERR_DEPLOYMENT_DELETED' } },
    );
    expect(await server.call('POST', `${deployments}/${id}/trigger`)).toMatchObject({ status: 409 });
    expect((await server.call('GET', `/api/v1/proxy/hosted/${id}/open`)).status).toBe(404);
    const ids = async (query: string) =>
      (await server.call('GET', `${deployments}?limit=500${query}`)).json.data.map((entry: { id: string }) => entry.id);
    expect(await ids('')).not.toContain(id);
    expect(await ids('&include_deleted=true')).toContain(id);
  });
});

it('keeps the secret out of every log line and every answer but the container’s own [SEC-1]', async () => {
  expect(server.logged.join('\n')).not.toContain(secret);
  for (const path of ['/api/v1/audit-events?limit=500', `${deployments}?limit=500&include_deleted=true`]) {
    expect((await server.call('GET', path)).text).not.toContain(secret);
  }
});

function rawStatus(path: string): Promise<number> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}
