// What an operator sees of calls: their lines in the log, the numbers of /metrics, and the settings that bound them.
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './testing/test-server.ts';

let upstream: Server;
let server: TestServer;
let connectorId: string;

beforeAll(async () => {
  upstream = createServer((request, response) => {
    request
      .resume()
      .on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{"jsonrpc":"2.0","id":1,"result":{}}'));
  });
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  server = await startTestServer({ RUNLAYER_REQUEST_BODY_BYTES: '100000', RUNLAYER_MAX_HEADER_BYTES: '20000' });
  const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/mcp`;
  const made = await server.call('POST', '/api/v1/servers', { body: { name: 'tools', transport: 'streaming-http', url } });
  expect(made).toMatchObject({ status: 201 });
  connectorId = made.json.id;
}, 60_000);
afterAll(async () => {
  await server.stop();
  upstream.close();
}, 30_000);

const call = (body: unknown, headers: Record<string, string> = {}) =>
  server.call('POST', `/api/v1/proxy/${connectorId}/mcp?token=canary-query`, {
    body,
    headers: { accept: 'application/json, text/event-stream', ...headers },
  });
const tool = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'echo', arguments: { text: 'canary-argument' } } };
const lines = () => server.logged.map((line) => JSON.parse(line) as Record<string, unknown>).filter(({ msg }) => msg === 'call');
const metrics = async () => (await server.call('GET', '/metrics')).text;
const value = (text: string, series: string) =>
  Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${series} `))
      ?.slice(series.length + 1),
  );

describe('the line of a call', () => {
  it('tells who called which tool of which connector, and how that went', async () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const answer = await call(tool, { traceparent: `00-${trace}-00f067aa0ba902b7-01` });
    expect(answer).toMatchObject({ status: 200 });
    const requestId = answer.headers.get('x-request-id');
    await expect.poll(() => lines().some((line) => line['requestId'] === requestId)).toBe(true);
    expect(lines().find((line) => line['requestId'] === requestId)).toEqual({
      level: 'info',
      time: expect.stringMatching(/Z$/),
      msg: 'call',
      requestId,
      traceId: trace,
      kind: 'connector',
      routeId: connectorId,
      organizationId: expect.any(String),
      caller: { type: 'user', userId: expect.any(String) },
      method: 'POST',
      mcpMethod: 'tools/call',
      mcpName: 'echo',
      status: 200,
      bytesIn: JSON.stringify(tool).length,
      bytesOut: 36,
      firstByteMs: expect.any(Number),
      ms: expect.any(Number),
      outcome: 'complete',
    });
  });

  it('holds no key, query, argument or e-mail [SEC-1]', async () => {
    await call(tool);
    const text = server.logged.join('');
    for (const secret of [server.adminKey, 'canary-query', 'canary-argument', 'admin@localhost']) expect(text).not.toContain(secret);
  });

  it('tells of calls that were not let in, too', async () => {
    const answer = await server.call('POST', `/api/v1/proxy/${connectorId}/mcp`, { key: 'rl_wrong_key', body: tool });
    expect(answer).toMatchObject({ status: 401 });
    const requestId = answer.headers.get('x-request-id');
    await expect
      .poll(() => lines().find((line) => line['requestId'] === requestId))
      .toMatchObject({
        status: 401,
        outcome: 'refused',
        code: 'ERR_PROXY_UNAUTHENTICATED',
      });
    expect(lines().find((line) => line['requestId'] === requestId)).not.toHaveProperty('caller');
  });
});

describe('/metrics', () => {
  it('is for admins, as Prometheus sends their key', async () => {
    expect(await server.call('GET', '/metrics', { key: null })).toMatchObject({ status: 401, json: { code: 'ERR_UNAUTHENTICATED' } });
    const answer = await server.call('GET', '/metrics', { key: null, headers: { authorization: `Bearer ${server.adminKey}` } });
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const made = await server.call('POST', '/api/v1/api-keys', { body: { name: 'ci', owner: 'organization', role: 'deploy' } });
    expect(await server.call('GET', '/metrics', { key: made.json.api_key })).toMatchObject({ status: 403, json: { code: 'ERR_ROLE' } });
  });

  it('counts calls, their times and their bytes', async () => {
    const series = `runlayer_proxy_calls_total{kind="connector",route="${connectorId}",status="200",outcome="complete"}`;
    const received = `runlayer_proxy_received_bytes_total{kind="connector",route="${connectorId}"}`;
    const before = await metrics();
    for (let count = 0; count < 3; count += 1) await call(tool);
    await expect.poll(async () => value(await metrics(), series) - (value(before, series) || 0)).toBe(3);
    const after = await metrics();
    expect(value(after, received) - value(before, received)).toBe(3 * JSON.stringify(tool).length);
    expect(value(after, 'runlayer_proxy_call_seconds_count{kind="connector"}')).toBeGreaterThan(3);
    expect(value(after, 'runlayer_proxy_mcp_requests_total{method="tools/call"}')).toBeGreaterThan(3);
    expect(value(after, 'runlayer_proxy_authentication_cache_hits_total')).toBeGreaterThan(0);
    expect(value(after, 'runlayer_proxy_running_calls')).toBe(0);
  });

  it('tells of the process, the API and the log', async () => {
    const text = await metrics();
    expect(text).toContain('runlayer_build_info{version="0.0.0-test",node="v');
    expect(value(text, 'process_resident_memory_bytes')).toBeGreaterThan(10_000_000);
    expect(Math.abs(value(text, 'process_start_time_seconds') - (Date.now() / 1_000 - process.uptime()))).toBeLessThan(2);
    expect(value(text, 'nodejs_eventloop_lag_p99_seconds')).toBeGreaterThanOrEqual(0);
    expect(value(text, 'runlayer_connections')).toBeGreaterThan(0);
    expect(value(text, 'runlayer_log_lines_dropped_total')).toBe(0);
    expect(value(text, 'runlayer_api_requests_total{method="POST",route="/api/v1/servers",status="201"}')).toBe(1);
  });

  it('tells nothing that the guide does not explain, and all that it does', async () => {
    const told = [...(await metrics()).matchAll(/^# TYPE (runlayer_\w+)/gm)].map(([, name]) => name);
    const guide = readFileSync(new URL('../../../docs/operating.md', import.meta.url), 'utf8');
    const explained = guide.split('## Metrics')[1]?.split('\n## ')[0] ?? '';
    expect(new Set(told)).toEqual(new Set(explained.match(/runlayer_\w+/g)));
  });

  it('says each thing once, and shows nobody and no secret [SEC-1]', async () => {
    const text = await metrics();
    const series = text.split('\n').map((line) => (line.startsWith('#') ? line : line.slice(0, line.lastIndexOf(' '))));
    expect(series.filter((one, index) => one !== '' && series.indexOf(one) !== index)).toEqual([]);
    for (const secret of [server.adminKey, 'canary', 'admin@localhost', 'rl_wrong_key']) expect(text).not.toContain(secret);
  });
});

describe('settings', () => {
  it('bound what is read of a call', async () => {
    expect(await call({ ...tool, padding: 'x'.repeat(100_000) })).toMatchObject({ status: 413, json: { code: 'ERR_PROXY_BODY_TOO_LONG' } });
    expect(await call(tool, { 'x-long': 'x'.repeat(30_000) })).toMatchObject({ status: 431, json: { code: 'ERR_HEADERS_TOO_LARGE' } });
    expect(value(await metrics(), 'runlayer_malformed_requests_total')).toBe(1);
  });
});
