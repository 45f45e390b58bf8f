// One log line for each call that a client made itself and told of: ids only, as for calls through the proxy.
import type { LocalCall } from '../handlers/parts.ts';
import type { Log } from '../http/logger.ts';

/** At most so many characters of what a client chose. */
const longest = 128;

/** Receives the calls that have ended and logs a line for each. */
export function createLocalCallLog(log: Pick<Log, 'info'>): (call: LocalCall) => void {
  return ({ requestId, connectorId, subject, method, name, correlationId, outcome }) =>
    log.info('call', {
      requestId,
      kind: 'local',
      routeId: connectorId,
      organizationId: subject.organizationId,
      caller: {
        type: subject.subjectType,
        ...('userId' in subject ? { userId: subject.userId } : {}),
        ...('agentId' in subject ? { agentId: subject.agentId } : {}),
      },
      mcpMethod: method.slice(0, longest),
      ...(name === undefined ? {} : { mcpName: name.slice(0, longest) }),
      correlationId: correlationId.slice(0, longest),
      outcome,
    });
}
