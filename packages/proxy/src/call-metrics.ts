// Sums up calls as Prometheus metrics: little work at each call, the text is made when somebody asks for it.
import type { AccessRecord } from './access-record.ts';
import { Histogram } from './call-metrics-histogram.ts';
import { labelText, metricText } from './call-metrics-text.ts';
import type { MetricLine } from './call-metrics-text.ts';
import { mcpMethods } from './mcp-name.ts';

/** Numbers that others keep, read when the text is made. What is left out is not told. */
export interface MetricSources {
  /** Calls that run now, and how many of them are event streams. */
  readonly running?: (() => { readonly calls: number; readonly streams: number }) | undefined;
  /** Credentials that were looked up, ever: found in the cache or not. */
  readonly authentication?: (() => { readonly hits: number; readonly misses: number }) | undefined;
  /** Instances that get no calls now, and attempts that failed, ever. */
  readonly circuits?: (() => { readonly open: number; readonly failures: number }) | undefined;
  /** Calls that had no room, ever. */
  readonly refused?: (() => number) | undefined;
  /** MCP sessions that are remembered. */
  readonly sessions?: (() => number) | undefined;
  /** Most routes that are told apart; calls of later ones count for the route `other`. Default 1,000. */
  readonly routes?: number | undefined;
}

/** Counts calls. */
export interface CallMetrics {
  /** Counts a call that has ended. */
  readonly observe: (record: AccessRecord) => void;
  /** All metrics in the text format of Prometheus, version 0.0.4. */
  readonly text: () => string;
}

type Kind = AccessRecord['kind'];

/** The numbers of one route. */
interface RouteNumbers {
  readonly labels: string;
  /** By status and outcome. */
  readonly calls: Map<number, number>;
  sent: number;
  received: number;
  /** Calls that were answered, and how long their heads took together. */
  answered: number;
  firstByteMs: number;
}

/** The numbers of one kind of route. */
class KindNumbers {
  readonly labels: string;
  readonly routes = new Map<string, RouteNumbers>();
  readonly durations = new Histogram();
  readonly firstBytes = new Histogram();
  readonly #kind: Kind;

  constructor(kind: Kind) {
    this.#kind = kind;
    this.labels = labelText({ kind });
  }

  add(route: string): RouteNumbers {
    const labels = labelText({ kind: this.#kind, route });
    const numbers = { labels, calls: new Map(), sent: 0, received: 0, answered: 0, firstByteMs: 0 };
    this.routes.set(route, numbers);
    return numbers;
  }
}

/** Only calls that were let in count for their route: anybody can make up an address. */
export function createCallMetrics(sources: MetricSources = {}): CallMetrics {
  const { routes: most = 1_000 } = sources;
  const kinds = { hosted: new KindNumbers('hosted'), connector: new KindNumbers('connector'), none: new KindNumbers('none') };
  const errors = new Map<string, number>();
  const methods = new Map<string, number>();
  let routes = 0;

  function routeOf(kind: KindNumbers, id: string): RouteNumbers {
    const known = kind.routes.get(id);
    if (known !== undefined) return known;
    if (id === '') return kind.add(id);
    if (routes >= most) return kind.routes.get('other') ?? kind.add('other');
    routes += 1;
    return kind.add(id);
  }

  return {
    observe(record) {
      const { firstByteMs, code, mcp } = record;
      const kind = kinds[record.kind];
      const route = routeOf(kind, record.organizationId === undefined ? '' : record.routeId);
      countEnd(route.calls, record);
      route.sent += record.bytesSent;
      route.received += record.bytesReceived;
      kind.durations.add(record.durationMs);
      if (firstByteMs !== undefined) {
        kind.firstBytes.add(firstByteMs);
        route.answered += 1;
        route.firstByteMs += firstByteMs;
      }
      if (code !== undefined) increment(errors, code);
      if (mcp?.method !== undefined) increment(methods, mcpMethods.has(mcp.method) ? mcp.method : 'other');
    },
    text: () => routesText(Object.values(kinds)) + kindsText(Object.values(kinds)) + countsText(errors, methods) + sourcesText(sources),
  };
}

const outcomes: readonly AccessRecord['outcome'][] = ['complete', 'refused', 'cut', 'caller-left', 'upstream-failed'];

/** An upstream may answer with any status: after some of them all others count as one. */
function countEnd(calls: Map<number, number>, { status, outcome }: AccessRecord): void {
  const key = status * outcomes.length + outcomes.indexOf(outcome);
  increment(calls, calls.size < mostEnds || calls.has(key) ? key : otherStatus * outcomes.length + outcomes.indexOf(outcome));
}

const mostEnds = 50;
const otherStatus = 1_000;

function increment<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function routesText(kinds: readonly KindNumbers[]): string {
  const routes = kinds.flatMap((kind) => [...kind.routes.values()]);
  const each = (pick: (route: RouteNumbers) => number, ending = ''): MetricLine[] =>
    routes.map((route) => [ending, route.labels, pick(route)]);
  return [
    metricText('runlayer_proxy_calls_total', 'counter', 'Calls that have ended.', routes.flatMap(callLines)),
    metricText(
      'runlayer_proxy_sent_bytes_total',
      'counter',
      'Body bytes sent to callers.',
      each(({ sent }) => sent),
    ),
    metricText(
      'runlayer_proxy_received_bytes_total',
      'counter',
      'Body bytes received from callers.',
      each(({ received }) => received),
    ),
    metricText('runlayer_proxy_route_first_byte_seconds', 'summary', 'Time until the head of the answer, by route.', [
      ...each(({ firstByteMs }) => firstByteMs / 1_000, '_sum'),
      ...each(({ answered }) => answered, '_count'),
    ]),
  ].join('');
}

function callLines({ labels, calls }: RouteNumbers): MetricLine[] {
  return [...calls].map(([key, count]) => {
    const status = Math.floor(key / outcomes.length);
    return ['', `${labels},status="${status === otherStatus ? 'other' : status}",outcome="${outcomes[key % outcomes.length]}"`, count];
  });
}

function kindsText(kinds: readonly KindNumbers[]): string {
  const lines = (pick: (kind: KindNumbers) => Histogram): MetricLine[] => kinds.flatMap((kind) => pick(kind).series(kind.labels));
  return (
    metricText(
      'runlayer_proxy_first_byte_seconds',
      'histogram',
      'Time until the head of the answer.',
      lines(({ firstBytes }) => firstBytes),
    ) +
    metricText(
      'runlayer_proxy_call_seconds',
      'histogram',
      'Time until the end of the answer, streams too.',
      lines(({ durations }) => durations),
    )
  );
}

function countsText(errors: ReadonlyMap<string, number>, methods: ReadonlyMap<string, number>): string {
  const lines = (label: string, counts: ReadonlyMap<string, number>): MetricLine[] =>
    [...counts].map(([value, count]) => ['', labelText({ [label]: value }), count]);
  return (
    metricText('runlayer_proxy_errors_total', 'counter', 'Calls that the proxy refused or cut, by error code.', lines('code', errors)) +
    metricText('runlayer_proxy_mcp_requests_total', 'counter', 'MCP messages from callers, by method.', lines('method', methods))
  );
}

function sourcesText(sources: MetricSources): string {
  const running = sources.running?.();
  const authentication = sources.authentication?.();
  const circuits = sources.circuits?.();
  const one = (name: string, type: 'counter' | 'gauge', help: string, value: number | undefined): string =>
    value === undefined ? '' : metricText(`runlayer_proxy_${name}`, type, help, [['', '', value]]);
  return [
    one('running_calls', 'gauge', 'Calls that run, event streams among them.', running?.calls),
    one('running_streams', 'gauge', 'Event streams that are open.', running?.streams),
    one('authentication_cache_hits_total', 'counter', 'Credentials that were remembered.', authentication?.hits),
    one('authentication_cache_misses_total', 'counter', 'Credentials that were looked up.', authentication?.misses),
    one('upstream_failures_total', 'counter', 'Attempts that brought no answer.', circuits?.failures),
    one('open_circuits', 'gauge', 'Instances that get no calls for a while.', circuits?.open),
    one('calls_without_room_total', 'counter', 'Calls that a bound on running calls refused.', sources.refused?.()),
    one('sessions', 'gauge', 'MCP sessions that are remembered.', sources.sessions?.()),
  ].join('');
}
