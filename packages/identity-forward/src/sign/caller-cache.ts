// Keeps what was made for the callers and servers seen last.
import type { Subject } from '../subject.ts';

type Make<Made> = (subject: Subject, serverId: string) => Made;

/** Every field that a subject may have. */
type Fields = Readonly<Record<'subjectType' | 'organizationId' | 'userId' | 'userEmail' | 'agentId' | 'agentName', string>>;

interface Entry<Made> {
  readonly seen: Fields;
  readonly made: Made;
}

/**
 * Remembers what `make` returned, for at most `size` pairs; one more empties it. A pair is found by its ids and then compared field by
 * field: no text is made to look it up, and a subject that was changed in place is seen.
 */
export function createCallerCache<Made>(size: number, make: Make<Made>): Make<Made> {
  const servers = new Map<string, Map<string, Entry<Made>>>();
  let count = 0;

  function remember(serverId: string, id: string, entry: Entry<Made>): void {
    const isNew = servers.get(serverId)?.has(id) !== true;
    if (isNew && count >= size) {
      servers.clear();
      count = 0;
    }
    if (isNew) count += 1;
    const callers = servers.get(serverId) ?? new Map<string, Entry<Made>>();
    servers.set(serverId, callers.set(id, entry));
  }

  return (subject, serverId) => {
    const fields = subject as unknown as Fields;
    const id = idOf(fields);
    const known = servers.get(serverId)?.get(id);
    if (known !== undefined && isSame(known.seen, fields)) return known.made;
    // Made from the copy: what is compared later is what was used.
    const seen = copyOf(fields);
    const made = make(seen as unknown as Subject, serverId);
    if (size > 0) remember(serverId, id, { seen, made });
    return made;
  };
}

/** Where to look. Callers that share a place push each other out, and are never taken for each other. */
function idOf({ subjectType, userId, agentId }: Fields): string {
  if (subjectType === 'user') return userId;
  return subjectType === 'agent' ? agentId : `${agentId} ${userId}`;
}

function isSame(one: Fields, other: Fields): boolean {
  return (
    one.subjectType === other.subjectType &&
    one.organizationId === other.organizationId &&
    one.userId === other.userId &&
    one.userEmail === other.userEmail &&
    one.agentId === other.agentId &&
    one.agentName === other.agentName
  );
}

function copyOf({ subjectType, organizationId, userId, userEmail, agentId, agentName }: Fields): Fields {
  return { subjectType, organizationId, userId, userEmail, agentId, agentName };
}
