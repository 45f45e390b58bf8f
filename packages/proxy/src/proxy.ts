// The proxy as a whole: reads like the story of a call, from the request line to the upstream.
import type { IncomingMessage } from 'node:http';
import { isRunlayerError } from '@runlayer/errors';
import type { RunlayerError } from '@runlayer/errors';
import { admit, notFound } from './admission.ts';
import type { Admission } from './admission.ts';
import type { Call } from './call.ts';
import { createCallerCache } from './caller-cache.ts';
import type { CallerCache } from './caller-cache.ts';
import { answerPreflight, isPreflight } from './cors.ts';
import { fail } from './error-codes.ts';
import { createForwarder } from './forward.ts';
import type { Forward } from './forward.ts';
import { createHostGuard } from './host-guard.ts';
import type { HostGuard } from './host-guard.ts';
import type { Proxy, ProxyOptions } from './options.ts';
import { answerError } from './own-answer.ts';
import { createRoutePreparer } from './prepared-route.ts';
import type { PreparedRoute, PrepareRoute } from './prepared-route.ts';
import { createRecheck } from './recheck.ts';
import { checkSingleLines } from './request-headers.ts';
import { plainPath, proxyPrefix, readTarget } from './request-target.ts';
import type { RequestTarget } from './request-target.ts';
import type { Routes } from './route.ts';
import { createRunningCalls } from './running-calls.ts';
import { readSettings } from './settings.ts';
import type { ProxySettings } from './settings.ts';

interface Parts {
  readonly settings: ProxySettings;
  readonly routes: Routes;
  readonly guard: HostGuard;
  readonly callers: CallerCache;
  readonly prepare: PrepareRoute;
  readonly forward: Forward;
}

/**
 * A proxy for a `node:http` server: give it every request for which {@link Proxy.matches} is true, before any framework sees it.
 *
 * @throws `ERR_PROXY_OPTIONS` for options that cannot work
 */
export function createProxy(options: ProxyOptions): Proxy {
  const settings = readSettings(options);
  const { now } = settings;
  const callers = createCallerCache(options.authenticate, {
    ttlMs: settings.authenticationTtlMs,
    entries: settings.authenticationEntries,
    now,
  });
  const prepare = createRoutePreparer(settings.platform.origin);
  const forwarder = createForwarder(options, settings, prepare);
  const parts: Parts = {
    settings,
    routes: options.routes,
    guard: createHostGuard(settings.platform, settings.allowedHosts, settings.allowedOrigins),
    callers,
    prepare,
    forward: forwarder.forward,
  };
  const calls = createRunningCalls(now, options.accessLog);
  const recheck = createRecheck(settings.recheckMs, () => calls.sweep((call) => stillAdmitted(call, parts)));
  let closing = false;
  return {
    matches: (url) => url?.startsWith(proxyPrefix) === true,
    handle(req, res) {
      const call = calls.begin(req, res);
      const answered = closing ? Promise.reject(fail('ERR_PROXY_CLOSING', 'The platform is stopping.')) : answerCall(call, parts);
      answered.catch((error: unknown) => refuse(call, error, settings)).catch(() => res.destroy());
    },
    invalidate(credential) {
      callers.invalidate(credential);
      recheck.now();
    },
    disconnect: (matches) => calls.cut(matches),
    async close(graceMs = 0) {
      closing = true;
      recheck.stop();
      await calls.drain(graceMs);
      await forwarder.close();
    },
  };
}

async function answerCall(call: Call, parts: Parts): Promise<void> {
  const { req, res } = call;
  checkRequest(req, parts.guard);
  if (isPreflight(req)) return answerPreflight(req, res);
  const target = readTarget(req.url ?? '');
  if (target === undefined) throw fail('ERR_PROXY_NOT_FOUND', 'The address names no deployment and no connector.');
  call.target = target;
  const admission = await admitCall(call, target, parts);
  call.organizationId = admission.prepared.route.organizationId;
  call.subject = admission.subject;
  await parts.forward(call, target, admission);
}

/** What no call may be, whoever makes it. */
function checkRequest(req: IncomingMessage, guard: HostGuard): void {
  checkSingleLines(req.rawHeaders);
  guard.checkHost(req.headers.host);
  if (req.method === 'TRACE' || req.method === 'CONNECT') throw fail('ERR_PROXY_METHOD', `${req.method} is not passed on.`);
  // `Upgrade: h2c` is an offer that may be ignored (RFC 9110, section 7.8), and Java's client makes it on every first call.
  if (req.headers.upgrade?.toLowerCase().includes('websocket') === true)
    throw fail('ERR_PROXY_UPGRADE', 'WebSocket connections are not passed on.');
}

async function findRoute(target: RequestTarget, parts: Parts): Promise<PreparedRoute | undefined> {
  const route = await asked(() => (target.kind === 'hosted' ? parts.routes.deployment(target.id) : parts.routes.connector(target.id)));
  return route === undefined ? undefined : parts.prepare(route, target);
}

async function admitCall(call: Call, target: RequestTarget, parts: Parts): Promise<Admission> {
  const path = plainPath(target.path);
  if (path === undefined || target.query.includes('#')) throw fail('ERR_PROXY_PATH', 'The path can be read in more than one way.');
  const prepared = await findRoute(target, parts);
  if (target.kind === 'connector' && target.path === '') throw notFound(target);
  return asked(() => admit(target, path, prepared, call.req.headers, parts));
}

/** Whether a running call would be let in now, as whom it was. While the platform cannot tell, it goes on. */
async function stillAdmitted(call: Call, parts: Parts): Promise<boolean> {
  try {
    const { subject } = await admitCall(call, call.target as RequestTarget, parts);
    return call.subject === undefined || subject !== undefined;
  } catch (error) {
    return !isRunlayerError(error) || error.status >= 500;
  }
}

/** The answer of the platform's own tables. Their failure is no fault of the call. */
async function asked<Value>(ask: () => Value | Promise<Value>): Promise<Value> {
  try {
    return await ask();
  } catch (error) {
    if (isRunlayerError(error)) throw error;
    throw fail('ERR_PROXY_PLATFORM', 'The platform cannot look up this call now.', { cause: error });
  }
}

/** Answers with an error of the platform's own; too late for one, the connection is cut. */
function refuse(call: Call, thrown: unknown, settings: ProxySettings): void {
  const { res } = call;
  if (call.over) return;
  const error = isRunlayerError(thrown) ? thrown : fail('ERR_PROXY_INTERNAL', 'The proxy met an unexpected error.', { cause: thrown });
  call.code = error.code;
  if (res.headersSent) {
    call.outcome = 'upstream-failed';
    res.destroy();
    return;
  }
  call.outcome = 'refused';
  answerError(res, error, { requestId: call.requestId, cors: call.cors, headers: refusalHeaders(call, error, settings) });
}

function refusalHeaders(call: Call, error: RunlayerError, settings: ProxySettings): Record<string, string> {
  if (error.status === 401) return { 'WWW-Authenticate': challenge(call, error, settings) };
  if (error.status === 405) return { Allow: 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS' };
  const seconds = error.data?.['retryAfterSeconds'];
  return error.status === 503 ? { 'Retry-After': String(typeof seconds === 'number' ? seconds : 5) } : {};
}

/** @see https://www.rfc-editor.org/rfc/rfc6750#section-3 */
function challenge(call: Call, error: RunlayerError, settings: ProxySettings): string {
  const parameters = error.data?.['credential'] === 'invalid' ? ['error="invalid_token"'] : [];
  const more = settings.challenge?.(`${settings.platform.origin}${call.target?.prefix ?? ''}${call.target?.path ?? ''}`);
  return `Bearer ${['realm="runlayer"', ...parameters, ...(more === undefined ? [] : [more])].join(', ')}`;
}
