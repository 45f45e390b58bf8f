// What is remembered of a call, taken from it once it has ended.
import type { AccessRecord, RunningCall } from './access-record.ts';
import type { Call } from './call.ts';
import { traceIdOf } from './trace-context.ts';

/** What can be told of a call while it runs. */
export function runningCall(call: Call): RunningCall {
  const { target } = call;
  return {
    requestId: call.requestId,
    startedAt: call.startedAt,
    kind: target?.kind ?? 'none',
    routeId: target?.id ?? '',
    organizationId: call.organizationId,
    subject: call.subject,
    method: call.req.method ?? '',
    path: target?.path ?? '',
  };
}

export function toRecord(call: Call, now: number): AccessRecord {
  const { res } = call;
  return {
    ...runningCall(call),
    durationMs: now - call.startedAt,
    firstByteMs: call.answeredAt === 0 ? undefined : call.answeredAt - call.startedAt,
    mcp: call.mcp,
    traceId: traceIdOf(call.head?.traceparent),
    status: res.headersSent ? res.statusCode : 0,
    bytesSent: call.bytesSent,
    bytesReceived: call.bytesReceived,
    outcome: call.outcome === 'complete' && !res.writableFinished ? 'caller-left' : call.outcome,
    code: call.code,
  };
}
