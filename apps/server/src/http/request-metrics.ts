// Counts the requests of the API, by operation and status.
import { labelText, metricText } from '@runlayer/proxy';

/** Counts requests. */
export interface RequestMetrics {
  /** @param route path of the contract; a number of its own for each, so never one that a caller made up */
  readonly observe: (method: string, route: string, status: number) => void;
  /** In the text format of Prometheus. */
  readonly text: () => string;
}

/** Nothing is counted yet. */
export function createRequestMetrics(): RequestMetrics {
  const counts = new Map<string, number>();
  return {
    observe(method, route, status) {
      const labels = labelText({ method: known.has(method) ? method : 'other', route, status: String(status) });
      counts.set(labels, (counts.get(labels) ?? 0) + 1);
    },
    text: () =>
      metricText(
        'runlayer_api_requests_total',
        'counter',
        'Requests of the API that were answered.',
        [...counts].map(([labels, count]) => ['', labels, count]),
      ),
  };
}

const known: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
