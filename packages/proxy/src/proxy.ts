// The proxy as a whole: builds what all calls share, begins each call, looks again at those that run.
import { isRunlayerError } from '@runlayer/errors';
import { admit } from './admission.ts';
import type { Admission } from './admission.ts';
import type { Call } from './call.ts';
import { createCircuitBreaker } from './circuit-breaker.ts';
import { createConcurrency } from './concurrency.ts';
import { createEventIds } from './sessions/event-ids.ts';
import { createSessionTable } from './sessions/session-table.ts';
import { createCallerCache } from './caller-cache.ts';
import { fail } from './error-codes.ts';
import { createHostGuard } from './host-guard.ts';
import { createHttp1Upstream } from './http1/http1-upstream.ts';
import type { Proxy, ProxyOptions } from './options.ts';
import type { ProxyParts } from './parts.ts';
import { createRoutePreparer } from './prepared-route.ts';
import type { PreparedRoute } from './prepared-route.ts';
import { createRecheck } from './recheck.ts';
import type { RequestHead } from './request-head.ts';
import { proxyPrefix } from './request-target.ts';
import type { RequestTarget } from './request-target.ts';
import { createRunningCalls } from './running-calls.ts';
import { readSettings } from './settings.ts';
import type { ProxySettings } from './settings.ts';
import { createStreamComments } from './stream-comments.ts';
import { createUndiciUpstream } from './undici-upstream.ts';
import { createWriteBatch } from './write-batch.ts';
import { isWellKnownTarget } from './well-known.ts';

/**
 * A proxy for a `node:http` server: give it every request for which {@link Proxy.matches} is true, before any framework sees it.
 *
 * @throws `ERR_PROXY_OPTIONS` for options that cannot work
 */
export function createProxy(options: ProxyOptions): Proxy {
  const settings = readSettings(options);
  const parts = createParts(options, settings);
  const calls = createRunningCalls(parts, options.accessLog);
  const recheck = createRecheck(settings.recheckMs, () => calls.sweep((call) => stillAdmitted(call, parts)));
  let closing = false;
  return {
    matches: (url) => url !== undefined && (url.startsWith(proxyPrefix) || isWellKnownTarget(url)),
    handle(req, res, awaitsContinue = false) {
      const call = calls.begin(req, res);
      if (closing) call.refuse(fail('ERR_PROXY_CLOSING', 'The platform is stopping.'));
      else call.begin(awaitsContinue);
    },
    invalidate(credential) {
      parts.callers.invalidate(credential);
      recheck.now();
    },
    disconnect: (matches) => calls.cut(matches),
    stats: () => ({
      running: calls.count(),
      authentication: parts.callers.counts(),
      circuits: parts.breaker.counts(),
      refused: parts.concurrency.refused,
      sessions: parts.sessions.size,
    }),
    async close(graceMs = 0) {
      closing = true;
      recheck.stop();
      await calls.drain(graceMs);
      await Promise.all([parts.upstream.close(), parts.guardedUpstream.close()]);
    },
  };
}

function createParts(options: ProxyOptions, settings: ProxySettings): ProxyParts {
  const { authenticationTtlMs, authenticationEntries, now, platform } = settings;
  const concurrency = createConcurrency({ perCallerAndRoute: settings.concurrentCalls, total: settings.totalCalls });
  const writes = createWriteBatch(() => concurrency.running);
  return {
    settings,
    routes: options.routes,
    guard: createHostGuard(platform, settings.allowedHosts, settings.allowedOrigins),
    callers: createCallerCache(options.authenticate, { ttlMs: authenticationTtlMs, entries: authenticationEntries, now }),
    prepare: createRoutePreparer(platform),
    sign: options.sign,
    upstream: createHttp1Upstream(settings, writes),
    guardedUpstream: createUndiciUpstream(settings, { allowAddress: options.allowAddress ?? (() => false), lookup: options.lookup }),
    comments: createStreamComments(settings.streamCommentMs, now),
    sessions: createSessionTable({ store: options.sessions, now, onLost: options.onSessionsLost }),
    eventIds: createEventIds(),
    concurrency,
    writes,
    breaker: createCircuitBreaker({ now, trialMs: settings.connectTimeoutMs + 1_000 }),
  };
}

/**
 * Whether a running call would be let in now, as whom it was. A stream ends also when its upstream is to be told more or less of the
 * caller than it was. While the platform cannot tell, the call goes on.
 */
async function stillAdmitted(call: Call, parts: ProxyParts): Promise<boolean> {
  try {
    const { subject, prepared } = await admit(call.target as RequestTarget, call.head as RequestHead, parts);
    const asBefore = call.subject === undefined || subject !== undefined;
    return asBefore && (!call.isEventStream || tellsTheSame(prepared, (call.admission as Admission).prepared));
  } catch (error) {
    return !isRunlayerError(error) || error.status >= 500;
  }
}

function tellsTheSame({ route: now }: PreparedRoute, { route: then }: PreparedRoute): boolean {
  return now.forward.headers === then.forward.headers && now.forward.token === then.forward.token;
}
