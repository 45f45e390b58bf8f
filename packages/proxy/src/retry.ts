// Decides whether a call that brought no answer is sent again: once for each reason that allows it, and never twice with an effect.
import type { IncomingMessage } from 'node:http';
import { notFound } from './admission.ts';
import type { Admission } from './admission.ts';
import type { AttemptFailure } from './attempt-failure.ts';
import { checkServing } from './call-checks.ts';
import type { ProxyParts } from './parts.ts';
import type { PreparedRoute } from './prepared-route.ts';
import { RequestBody } from './request-body.ts';
import type { RequestTarget } from './request-target.ts';
import type { ProxyRoute } from './route.ts';
import { upstreamFailure } from './upstream-failure.ts';

/** Why a call may be sent again: no connection could be made, or one was lost under a call that may be repeated. */
export type Again = 'unconnected' | 'lost';

/** What of a call decides whether it may be sent again. */
export interface Repeatable {
  readonly req: Pick<IncomingMessage, 'method'>;
  readonly body: Buffer | RequestBody | null;
  readonly target: RequestTarget | undefined;
  readonly admission: Admission | undefined;
  /** Reasons for which it was. */
  readonly tried: Again[];
}

/** With what to try again. Rejects with the error to answer when there is nothing more to try. */
export async function nextTry(call: Repeatable, failure: AttemptFailure, parts: ProxyParts): Promise<Admission> {
  const admission = call.admission as Admission;
  const reason = reasonToRepeat(call, failure);
  const next =
    reason === undefined || call.tried.includes(reason)
      ? undefined
      : await nextRoute(call.target as RequestTarget, admission, reason, parts);
  if (next === undefined) throw upstreamFailure(failure, admission.prepared);
  call.tried.push(reason as Again);
  return { ...admission, prepared: next };
}

/** Where to try again; `undefined` for nowhere. */
async function nextRoute(
  target: RequestTarget,
  { prepared, subject }: Admission,
  reason: Again,
  parts: ProxyParts,
): Promise<PreparedRoute | undefined> {
  if (reason === 'lost') return prepared;
  if (prepared.guarded || parts.routes.refresh === undefined) return prepared.places.length > 1 ? prepared : undefined;
  const fresh = await refreshed(prepared.route, parts);
  if (fresh === 'unknown') return undefined;
  if (fresh === undefined) throw notFound(target);
  const again = parts.prepare(fresh, target);
  checkServing({ prepared: again, subject });
  return again;
}

/** `unknown`: the platform could not look, so what is told is what was found. */
async function refreshed(route: ProxyRoute, { routes }: ProxyParts): Promise<ProxyRoute | undefined | 'unknown'> {
  try {
    return await routes.refresh?.(route);
  } catch {
    return 'unknown';
  }
}

function reasonToRepeat(call: Repeatable, { sent, error }: AttemptFailure): Again | undefined {
  if (call.body instanceof RequestBody && call.body.started) return undefined;
  if (!sent) return 'unconnected';
  return isRepeatable(call) && isConnectionLoss(error) ? 'lost' : undefined;
}

/** RFC 9110, section 9.2.2: safe methods may be repeated on a new connection when the old one was lost. */
function isRepeatable({ req, body }: Repeatable): boolean {
  return (req.method === 'GET' || req.method === 'HEAD') && body === null;
}

function isConnectionLoss(error: Error): boolean {
  const { code } = error as { code?: unknown };
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE';
}
