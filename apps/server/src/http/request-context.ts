// Gives each request an id, each answer its safety headers, and each pair a log line.
import { randomUUID } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import type { RequestEnvironment } from './environment.ts';
import type { Log } from './logger.ts';
import type { RequestMetrics } from './request-metrics.ts';

// Answers are data for programs. Where a browser shows one all the same, it may run, frame and keep nothing.
const safety: readonly (readonly [string, string])[] = [
  ['x-content-type-options', 'nosniff'],
  ['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
  ['referrer-policy', 'no-referrer'],
  ['cross-origin-resource-policy', 'same-origin'],
  // Published clients tell the platform's own answers from an upstream's by this.
  ['x-runlayer-origin', 'platform'],
];

/** The outermost middleware. Logs and counts method, route pattern and status: never a body, a header or a query. */
export function requestContext(log: Log, count: RequestMetrics['observe']): MiddlewareHandler<RequestEnvironment> {
  return async (context, next) => {
    const requestId = randomUUID();
    const startedAt = performance.now();
    context.set('requestId', requestId);
    await next();
    const { headers } = context.res;
    for (const [name, value] of safety) headers.set(name, value);
    headers.set('x-request-id', requestId);
    if (!headers.has('cache-control')) headers.set('cache-control', 'no-store');
    const { method } = context.req;
    const { status } = context.res;
    const route = context.get('route') ?? 'none';
    count(method, route, status);
    log.info('request', { requestId, method, route, status, ms: Math.round(performance.now() - startedAt) });
  };
}
