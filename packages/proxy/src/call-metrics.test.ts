import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccessRecord } from './access-record.ts';
import { createCallMetrics } from './call-metrics.ts';
import { labelText } from './call-metrics-text.ts';

const deploymentId = '11111111-1111-4111-8111-111111111111';

const record = (fields: Partial<AccessRecord> = {}): AccessRecord => ({
  requestId: 'r',
  startedAt: 0,
  durationMs: 30,
  firstByteMs: 4,
  kind: 'hosted',
  routeId: deploymentId,
  organizationId: 'o',
  method: 'POST',
  path: '/mcp',
  mcp: { method: 'tools/call', name: 'echo', batch: false, source: 'body' },
  status: 200,
  bytesSent: 120,
  bytesReceived: 80,
  outcome: 'complete',
  ...fields,
});

/** The text after some calls. */
function textOf(records: readonly AccessRecord[], sources?: Parameters<typeof createCallMetrics>[0]): string {
  const metrics = createCallMetrics(sources);
  for (const one of records) metrics.observe(one);
  return metrics.text();
}

describe('createCallMetrics', () => {
  it('counts calls by route, status and outcome', () => {
    const text = textOf([record(), record(), record({ status: 0, outcome: 'caller-left' })]);
    expect(text).toContain(`runlayer_proxy_calls_total{kind="hosted",route="${deploymentId}",status="200",outcome="complete"} 2\n`);
    expect(text).toContain(`runlayer_proxy_calls_total{kind="hosted",route="${deploymentId}",status="0",outcome="caller-left"} 1\n`);
  });

  it('adds up bytes both ways', () => {
    const text = textOf([record(), record({ kind: 'connector' }), record({ bytesSent: 1_000_000 })]);
    expect(text).toContain(`runlayer_proxy_sent_bytes_total{kind="hosted",route="${deploymentId}"} 1000120\n`);
    expect(text).toContain(`runlayer_proxy_received_bytes_total{kind="connector",route="${deploymentId}"} 80\n`);
  });

  it('sorts times into buckets from a millisecond to half an hour', () => {
    const text = textOf([0, 1, 2, 400, 1_800_000, 1_800_001].map((durationMs) => record({ durationMs })));
    const counts = ['0.001', '0.005', '0.25', '0.5', '300', '1800', '+Inf'].map(
      (le) => text.split(`runlayer_proxy_call_seconds_bucket{kind="hosted",le="${le}"} `)[1]?.split('\n')[0],
    );
    expect(counts).toEqual(['2', '3', '3', '4', '4', '5', '6']);
    expect(text).toContain('runlayer_proxy_call_seconds_sum{kind="hosted"} 3600.404\n');
    expect(text).toContain('runlayer_proxy_call_seconds_count{kind="hosted"} 6\n');
  });

  it('tells the time to the first byte of those that were answered, over all and by route', () => {
    const text = textOf([record(), record({ firstByteMs: 2_000 }), record({ firstByteMs: undefined })]);
    expect(text).toContain('runlayer_proxy_first_byte_seconds_count{kind="hosted"} 2\n');
    expect(text).toContain(`runlayer_proxy_route_first_byte_seconds_sum{kind="hosted",route="${deploymentId}"} 2.004\n`);
    expect(text).toContain(`runlayer_proxy_route_first_byte_seconds_count{kind="hosted",route="${deploymentId}"} 2\n`);
  });

  it('counts error codes and the methods that MCP has', () => {
    const text = textOf([
      record({ code: 'ERR_PROXY_REFUSED' }),
      record({ mcp: { method: 'made/up', batch: false, source: 'headers' } }),
      record({ mcp: undefined }),
    ]);
    expect(text).toContain('runlayer_proxy_errors_total{code="ERR_PROXY_REFUSED"} 1\n');
    expect(text).toContain('runlayer_proxy_mcp_requests_total{method="tools/call"} 1\n');
    expect(text).toContain('runlayer_proxy_mcp_requests_total{method="other"} 1\n');
  });

  it('tells what others count, where they do', () => {
    expect(textOf([])).not.toContain('running');
    const text = textOf([], {
      running: () => ({ calls: 7, streams: 3 }),
      authentication: () => ({ hits: 9, misses: 2 }),
      circuits: () => ({ open: 1, failures: 6 }),
      refused: () => 4,
      sessions: () => 8,
    });
    for (const line of [
      'running_calls 7',
      'running_streams 3',
      'authentication_cache_hits_total 9',
      'authentication_cache_misses_total 2',
      'upstream_failures_total 6',
      'open_circuits 1',
      'calls_without_room_total 4',
      'sessions 8',
    ])
      expect(text).toContain(`\nrunlayer_proxy_${line}\n`);
  });

  it('gives no route to calls that were not let in: anybody can make up an address', () => {
    const text = textOf([record({ organizationId: undefined, status: 401, routeId: 'made-up' })]);
    expect(text).not.toContain('made-up');
    expect(text).toContain('runlayer_proxy_calls_total{kind="hosted",route="",status="401",outcome="complete"} 1\n');
  });

  it('tells a bounded number of routes and statuses apart', () => {
    const many = Array.from({ length: 1_200 }, (_, index) => record({ routeId: `route-${index}` }));
    const odd = Array.from({ length: 900 }, (_, index) => record({ routeId: 'route-0', status: 100 + index }));
    const text = textOf([...many, ...odd]);
    expect(text).toContain('runlayer_proxy_calls_total{kind="hosted",route="route-999",status="200",outcome="complete"} 1\n');
    expect(text).toContain('runlayer_proxy_calls_total{kind="hosted",route="other",status="200",outcome="complete"} 200\n');
    expect(text.match(/route="route-0",status=/g)).toHaveLength(51);
    expect(text).toContain('route="route-0",status="other",outcome="complete"} 850\n');
    expect(text.length).toBeLessThan(1_000_000);
  });

  it('stays small under any calls, and is what Prometheus reads [SEC-1]', () => {
    const call = fc.record({
      kind: fc.constantFrom('hosted', 'connector', 'none'),
      routeId: fc.oneof(fc.constantFrom('a', 'b'), fc.string({ unit: 'binary' })),
      status: fc.nat({ max: 999 }),
      durationMs: fc.nat(),
      code: fc.constantFrom(undefined, 'ERR_PROXY_RESET'),
    });
    fc.assert(
      fc.property(fc.array(call, { maxLength: 30 }), (calls) => {
        checkText(
          textOf(
            calls.map((one) => record(one as Partial<AccessRecord>)),
            { routes: 3 },
          ),
        );
      }),
    );
  });
});

/** What the format asks of a text: one head for each metric, and each series once, below its head. */
function checkText(text: string): void {
  const seen = new Set<string>();
  let metric = '';
  for (const line of text.split('\n').slice(0, -1)) {
    const [, head] = /^# HELP ([a-z_]+) [^\n]+$/.exec(line) ?? [];
    if (head !== undefined) metric = head;
    else if (line.startsWith('# ')) expect(line).toMatch(new RegExp(`^# TYPE ${metric} (counter|gauge|histogram|summary)$`));
    else expect(line).toMatch(/^[a-z_]+(\{([a-z_]+="([^"\\\n]|\\["\\n])*",?)+\})? \d+(\.\d+)?(e\+\d+)?$/u);
    const series = line.startsWith('# ') ? line : line.slice(0, line.lastIndexOf(' '));
    expect(seen.has(series) || !(line.startsWith('# ') || line.startsWith(metric))).toBe(false);
    seen.add(series);
  }
}

it('escapes what would end a label early', () => {
  expect(labelText({ a: 'x"\\\ny', b: '' })).toBe(String.raw`a="x\"\\\ny",b=""`);
});
