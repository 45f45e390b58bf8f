// Sends an admitted call to its upstream, once more where nothing of it can have arrived.
import { isRunlayerError } from '@runlayer/errors';
import { notFound } from './admission.ts';
import type { Admission } from './admission.ts';
import type { Call } from './call.ts';
import { fail } from './error-codes.ts';
import { exchange } from './exchange.ts';
import type { Attempt, AttemptFailure, ExchangeParts } from './exchange.ts';
import type { ProxyOptions } from './options.ts';
import type { PreparedRoute, PrepareRoute } from './prepared-route.ts';
import { hasBody, isShortBody, readWhole, RequestBody } from './request-body.ts';
import { requestHeaders } from './request-headers.ts';
import type { RequestTarget } from './request-target.ts';
import type { ProxyRoute } from './route.ts';
import type { ProxySettings } from './settings.ts';
import { createStreamComments } from './stream-comments.ts';
import { createUndiciUpstream } from './undici-upstream.ts';
import { upstreamFailure } from './upstream-failure.ts';
import { upstreamPath } from './upstream-path.ts';

/** Answers a call from its upstream. Rejects when there is no answer, with the error to send instead. */
export type Forward = (call: Call, target: RequestTarget, admission: Admission) => Promise<void>;

/** An admitted call, ready to be sent as often as it takes. */
interface Outgoing {
  readonly call: Call;
  readonly target: RequestTarget;
  /** Path and query for the upstream. */
  readonly path: string;
  readonly admission: Admission;
  /** The body, made anew for each attempt. */
  readonly body: () => Attempt['body'];
  readonly token: string | undefined;
}

/** Forwards calls over connections of its own. */
export interface Forwarder {
  readonly forward: Forward;
  close(): Promise<void>;
}

export function createForwarder(options: ProxyOptions, settings: ProxySettings, prepare: PrepareRoute): Forwarder {
  const upstream = createUndiciUpstream(settings, { allowAddress: options.allowAddress ?? (() => false), lookup: options.lookup });
  const comments = createStreamComments(settings.streamCommentMs, settings.now);
  const parts: ExchangeParts = { upstream, comments, cookiePrefix: settings.cookiePrefix, now: settings.now };
  const platform = { proto: settings.platform.protocol.slice(0, -1), host: settings.platform.host };

  async function forward(call: Call, target: RequestTarget, admission: Admission): Promise<void> {
    checkServing(admission.prepared, admission.subject === undefined);
    const path = upstreamPath(target, admission.prepared, call.req.method ?? 'GET');
    if (path === undefined) throw notFound(target);
    const [body, token] = await Promise.all([
      readBody(call, settings.wholeBodyBytes),
      signToken(options, admission.prepared, admission.subject),
    ]);
    if (call.over) return;
    await send({ call, target, path, admission, body, token });
  }

  /** Sends once, and again once for each reason that allows it. */
  async function send(outgoing: Outgoing): Promise<void> {
    const { call, admission } = outgoing;
    let { prepared } = admission;
    let { token } = outgoing;
    let origin = prepared.nextOrigin();
    const tried = new Set<Again>();
    for (;;) {
      const failure = await exchange(call, attemptOf({ ...outgoing, token }, prepared, origin), parts);
      if (failure === undefined || call.over) return;
      const reason = reasonToRepeat(call, failure);
      const next = reason === undefined || tried.has(reason) ? undefined : await nextRoute(outgoing, prepared, reason);
      if (next === undefined) throw upstreamFailure(failure, prepared);
      // A token serves one request: the one that was lost may have been read.
      token = await signToken(options, next, admission.subject);
      if (call.over) return;
      tried.add(reason as Again);
      prepared = next;
      origin = next.nextOrigin(origin);
    }
  }

  function attemptOf({ call, target, path, admission, body, token }: Outgoing, prepared: PreparedRoute, origin: string): Attempt {
    const { req } = call;
    const { route } = prepared;
    const longLived = req.method === 'GET' && req.headers.accept?.includes('text/event-stream') === true;
    const headers = requestHeaders(req, {
      host: prepared.host,
      prefix: target.prefix,
      platform,
      cookiePrefix: settings.cookiePrefix,
      dropAuthorization: admission.dropAuthorization,
      anonymous: admission.subject === undefined,
      plainAnswer: longLived,
      subject: route.forward.headers ? (admission.subject ?? prepared.anonymous) : undefined,
      token,
    });
    const guarded = route.origin !== undefined;
    const keyedPath = admission.keyed ? target.prefix + target.path : undefined;
    const { addresses } = prepared;
    return { origin, guarded, longLived, method: req.method ?? 'GET', path, headers, body: body(), addresses, keyedPath };
  }

  /** Where to try again; `undefined` for nowhere. */
  async function nextRoute({ target, admission }: Outgoing, prepared: PreparedRoute, reason: Again): Promise<PreparedRoute | undefined> {
    if (reason === 'lost') return prepared;
    if (prepared.route.origin !== undefined || options.routes.refresh === undefined)
      return prepared.origins.length > 1 ? prepared : undefined;
    const fresh = await refreshed(prepared.route);
    if (fresh === 'unknown') return undefined;
    if (fresh === undefined) throw notFound(target);
    const again = prepare(fresh, target);
    checkServing(again, admission.subject === undefined);
    return again;
  }

  /** `unknown`: the platform could not look, so what is told is what was found. */
  async function refreshed(route: ProxyRoute): Promise<ProxyRoute | undefined | 'unknown'> {
    try {
      return await options.routes.refresh?.(route);
    } catch {
      return 'unknown';
    }
  }

  return { forward, close: () => upstream.close() };
}

/** @throws `ERR_PROXY_UNAVAILABLE`. An anonymous caller is not told why. */
function checkServing(prepared: PreparedRoute, anonymous: boolean): void {
  const { unavailable, id } = prepared.route;
  if (unavailable === undefined && prepared.origins.length > 0) return;
  const reason = anonymous || unavailable === undefined ? `Deployment ${id} has no running instance.` : unavailable.reason;
  throw fail('ERR_PROXY_UNAVAILABLE', reason, { data: { retryAfterSeconds: unavailable?.retryAfterSeconds ?? 5 } });
}

/** The body, ready to be sent as often as it is asked for. */
async function readBody(call: Call, wholeBytes: number): Promise<() => Attempt['body']> {
  const { req } = call;
  if (!hasBody(req)) return () => null;
  if (!isShortBody(req, wholeBytes)) return () => new RequestBody(req);
  const whole = await readWhole(req);
  return () => whole ?? null;
}

async function signToken(options: ProxyOptions, { route }: PreparedRoute, subject: Admission['subject']): Promise<string | undefined> {
  const { forward, serverId } = route;
  if (!forward.token || subject === undefined) return undefined;
  if (options.sign === undefined) throw fail('ERR_PROXY_SIGN', 'The route wants an identity token and the proxy was given no signer.');
  try {
    return await options.sign(subject, serverId);
  } catch (error) {
    throw fail('ERR_PROXY_SIGN', 'The identity token could not be signed.', { cause: isRunlayerError(error) ? error : undefined });
  }
}

/** Why a call may be sent again: no connection could be made, or one was lost under a call that may be repeated. */
type Again = 'unconnected' | 'lost';

function reasonToRepeat(call: Call, { sent, error }: AttemptFailure): Again | undefined {
  if (!sent) return 'unconnected';
  return isRepeatable(call) && isConnectionLoss(error) ? 'lost' : undefined;
}

/** RFC 9110, section 9.2.2: safe methods may be repeated on a new connection when the old one was lost. */
function isRepeatable(call: Call): boolean {
  return (call.req.method === 'GET' || call.req.method === 'HEAD') && !hasBody(call.req);
}

function isConnectionLoss(error: Error): boolean {
  const { code } = error as { code?: unknown };
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE';
}
