// A server that speaks the contract and keeps everything in memory: what the command is tested against where no platform is needed.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A record as the double keeps it; tests may change it. */
export interface DoubleRecord {
  readonly id: string;
  name: string;
  deletion_status: 'deleting' | 'deleted' | null;
  connected_servers: { id: string; name: string }[];
  latest_history_id: string | null;
  serving_history_id: string | null;
  task_role_arn: string | null;
  configuration: Record<string, unknown>;
  export: string;
}

/** A request that arrived. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly body: Record<string, unknown> | undefined;
}

/** The double, listening on loopback. */
export interface PlatformDouble {
  readonly url: string;
  readonly key: string;
  readonly records: Map<string, DoubleRecord>;
  readonly seen: SeenRequest[];
  /** What each reading of a release answers, in turn; the last one stays. */
  statuses: { status: string; logs: string[]; failure?: object }[];
  /** Requests to answer with a status instead, by `METHOD path-suffix`. Each counts down. */
  readonly refuse: Map<string, { status: number; times: number; detail?: string }>;
  /** What validation answers. */
  validity: object;
  addRecord(name: string): DoubleRecord;
  close(): Promise<void>;
}

type Handler = (request: { id: string; query: URLSearchParams; body: Record<string, unknown> }) => { status: number; body: unknown };

/** Starts a double. */
export async function startPlatformDouble(): Promise<PlatformDouble> {
  const server = createServer((request, response) => void answer(double, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const double: PlatformDouble = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    key: 'rl_user_double',
    records: new Map(),
    seen: [],
    statuses: [{ status: 'succeeded', logs: ['Serving on port 8000.'] }],
    refuse: new Map(),
    validity: { valid: true, error: null, parsed_config: {}, issues: [], warnings: [] },
    addRecord(name) {
      const id = randomUUID();
      const record = {
        id,
        name,
        deletion_status: null,
        connected_servers: [],
        latest_history_id: null,
        serving_history_id: null,
        task_role_arn: null,
        configuration: {},
        export: templateFor(id, name),
      };
      double.records.set(id, record);
      return record;
    },
    close: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
  };
  return double;
}

function templateFor(id: string, name: string): string {
  return `id: ${id}\nname: ${name}\nruntime: docker\nimage: example/notes:1\nservice:\n  port: 8000\ninfrastructure:\n  cpu: 256\n  memory: 512\nenv:\n  TOKEN: \${TOKEN}\n`;
}

async function answer(double: PlatformDouble, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const body = text === '' ? undefined : (JSON.parse(text) as Record<string, unknown>);
  const { pathname, searchParams } = new URL(request.url ?? '/', double.url);
  const seen = { method: request.method ?? '', path: pathname.replace('/api/v1', ''), body };
  double.seen.push(seen);
  const { status, body: given } = reply(double, seen, searchParams, request.headers['x-runlayer-api-key']);
  const type = status >= 400 ? 'application/problem+json' : 'application/json';
  response.writeHead(status, { 'content-type': type }).end(JSON.stringify(given));
}

function reply(double: PlatformDouble, { method, path, body }: SeenRequest, query: URLSearchParams, key: unknown): ReturnType<Handler> {
  if (key !== double.key) return problem(401, 'The API key is not known.');
  const refusal = double.refuse.get(`${method} ${path}`) ?? [...double.refuse].find(([name]) => `${method} ${path}`.endsWith(name))?.[1];
  if (refusal !== undefined && refusal.times > 0) {
    refusal.times -= 1;
    return problem(refusal.status, refusal.detail ?? 'Refused by the test.');
  }
  for (const [pattern, handle] of routes(double)) {
    const match = pattern.exec(`${method} ${path}`);
    if (match !== null) return handle({ id: match[1] ?? '', query, body: body ?? {} });
  }
  return problem(404, `There is no ${path}.`);
}

function routes(double: PlatformDouble): [RegExp, Handler][] {
  const withRecord =
    (handle: (record: DoubleRecord, request: Parameters<Handler>[0]) => ReturnType<Handler>): Handler =>
    (request) => {
      const record = double.records.get(request.id);
      return record === undefined ? problem(404, `There is no deployment ${request.id}.`) : handle(record, request);
    };
  return [
    [
      /^GET \/users\/me$/,
      () => ok({ type: 'user', id: 'u', name: 'Ada', email: 'ada@example.com', role: 'admin', organization_id: 'o', key_id: null }),
    ],
    [/^POST \/deployments\/validate-yaml$/, () => ok(double.validity)],
    [
      /^POST \/deployments\/registry-credentials$/,
      () =>
        ok({ username: '', password: '', registry_url: '', repository_url: 'runlayer-local', expires_at: null, deployment_mode: 'LOCAL' }),
    ],
    [/^POST \/deployments\/$/, ({ body }) => created(double, String(body['name']))],
    [/^GET \/deployments\/$/, () => ok(listed(double))],
    [/^GET \/deployments\/history\/([^/]+)$/, ({ id }) => ok(releaseOf(double, id))],
    [/^GET \/deployments\/history\/([^/]+)\/logs$/, ({ query }) => ok(logsOf(double, Number(query.get('after') ?? 0)))],
    [/^GET \/deployments\/([^/]+)$/, withRecord((record) => ok(wire(double, record)))],
    [/^PUT \/deployments\/([^/]+)$/, withRecord((record) => ok(wire(double, record)))],
    [/^POST \/deployments\/([^/]+)\/trigger$/, withRecord((record) => trigger(record))],
    [/^GET \/deployments\/([^/]+)\/export-yaml$/, withRecord((record) => ok({ yaml_content: record.export }))],
    [/^DELETE \/deployments\/([^/]+)$/, withRecord((record, { query }) => destroy(record, query.get('delete_connectors') === 'true'))],
  ];
}

function created(double: PlatformDouble, name: string): ReturnType<Handler> {
  const record = double.addRecord(name);
  return { status: 201, body: { ...wire(double, record), template_yaml: record.export } };
}

function listed(double: PlatformDouble): object {
  const data = [...double.records.values()].filter(({ deletion_status }) => deletion_status !== 'deleted');
  return { data: data.map((record) => wire(double, record)), count: data.length };
}

function trigger(record: DoubleRecord): ReturnType<Handler> {
  record.latest_history_id = randomUUID();
  return { status: 202, body: { deployment_id: record.id, request_id: 'r', status: 'queued', history_id: record.latest_history_id } };
}

/** Each reading of a release moves on to the next status. */
function releaseOf(double: PlatformDouble, id: string): object {
  const [now = { status: 'running', logs: [] }, ...later] = double.statuses;
  if (later.length > 0 && double.seen.filter(({ path }) => path.endsWith(`/history/${id}`)).length > 1) double.statuses = later;
  const { status, failure = null } = double.statuses[0] ?? now;
  return { id, deployment_id: 'd', number: 1, status, failure, still_serving: null };
}

function logsOf(double: PlatformDouble, after: number): object {
  const lines = double.statuses[0]?.logs ?? [];
  return { logs: lines.slice(after).join('\n'), lines: lines.length };
}

/** Reading a record that goes makes it gone. */
function wire(double: PlatformDouble, record: DoubleRecord): object {
  const shown = {
    ...record,
    state: 'serving',
    icon: null,
    template_yaml: null,
    connector_id: null,
    deletion_failure: null,
  };
  if (record.deletion_status === 'deleting') record.deletion_status = 'deleted';
  const url = `${double.url}/api/v1/proxy/hosted/${record.id}`;
  return { ...shown, created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z', deployment_url: url, mcp_url: `${url}/mcp` };
}

function destroy(record: DoubleRecord, deleteConnectors: boolean): ReturnType<Handler> {
  if (record.connected_servers.length > 0 && !deleteConnectors) return problem(409, 'Connectors are attached.');
  record.connected_servers = [];
  record.deletion_status = 'deleting';
  return { status: 202, body: { id: record.id, deletion_status: 'deleting' } };
}

function ok(body: unknown): ReturnType<Handler> {
  return { status: 200, body };
}

function problem(status: number, detail: string): ReturnType<Handler> {
  return { status, body: { type: 'about:blank', title: 'Refused', status, detail, code: 'ERR_TEST' } };
}
