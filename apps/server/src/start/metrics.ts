// Everything that `/metrics` tells, from the parts that count.
import { metricText } from '@runlayer/proxy';
import type { Log } from '../http/logger.ts';
import type { FrontDoor } from './front-door.ts';

/** Parts that count. */
export interface MetricParts {
  readonly door: Pick<FrontDoor, 'server' | 'counts'>;
  readonly log: Pick<Log, 'dropped'>;
  /** More texts in the format of Prometheus, of other metrics. */
  readonly texts: readonly (() => string | Promise<string>)[];
}

/** All numbers as one text; what cannot be told in time is left out by whoever tells it. */
export async function metricsText({ door, log, texts }: MetricParts): Promise<string> {
  const [connections, ...more] = await Promise.all([openConnections(door), ...texts.map((text) => text())]);
  const { malformed, dropped } = door.counts();
  const one = (name: string, type: 'counter' | 'gauge', help: string, value: number): string =>
    metricText(name, type, help, [['', '', value]]);
  return [
    one('runlayer_connections', 'gauge', 'Connections of callers that are open.', connections),
    one('runlayer_connections_dropped_total', 'counter', 'Connections that were closed as too many.', dropped),
    one('runlayer_malformed_requests_total', 'counter', 'Requests that could not be read.', malformed),
    one('runlayer_log_lines_dropped_total', 'counter', 'Log lines that came faster than they could be written.', log.dropped),
    ...more,
  ].join('');
}

function openConnections({ server }: Pick<FrontDoor, 'server'>): Promise<number> {
  return new Promise((resolve, reject) => server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))));
}
