// Gives each request an id, each answer its safety headers, and each pair a log line.
import { randomUUID } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import type { RequestEnvironment } from './environment.ts';
import type { Log } from './logger.ts';

// Answers are data for programs. Where a browser shows one all the same, it may run, frame and keep nothing.
const safety: readonly (readonly [string, string])[] = [
  ['x-content-type-options', 'nosniff'],
  ['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
  ['referrer-policy', 'no-referrer'],
  ['cross-origin-resource-policy', 'same-origin'],
  // Published clients tell the platform's own answers from an upstream's by this.
  ['x-runlayer-origin', 'platform'],
];

/** The outermost middleware. Logs method, route pattern, status and duration: never a body, a header or a query. */
export function requestContext(log: Log): MiddlewareHandler<RequestEnvironment> {
  return async (context, next) => {
    const requestId = randomUUID();
    const startedAt = performance.now();
    context.set('requestId', requestId);
    await next();
    const { headers } = context.res;
    for (const [name, value] of safety) headers.set(name, value);
    headers.set('x-request-id', requestId);
    if (!headers.has('cache-control')) headers.set('cache-control', 'no-store');
    const milliseconds = Math.round(performance.now() - startedAt);
    log.info('request', {
      requestId,
      method: context.req.method,
      route: context.get('route') ?? 'none',
      status: context.res.status,
      ms: milliseconds,
    });
  };
}
