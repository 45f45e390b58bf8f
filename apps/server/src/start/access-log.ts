// One log line for each call through the proxy: ids and numbers, no header, query, path or e-mail.
import type { AccessRecord } from '@runlayer/proxy';
import type { Log } from '../http/logger.ts';

/** Logs a call that has ended. */
export function logCall(
  log: Log,
  { requestId, kind, routeId, method, status, durationMs, bytesSent, outcome, code, subject }: AccessRecord,
): void {
  const caller =
    subject === undefined ? undefined : { type: subject.subjectType, id: 'userId' in subject ? subject.userId : subject.agentId };
  log.info('call', { requestId, kind, routeId, method, status, ms: Math.round(durationMs), bytesSent, outcome, code, caller });
}
