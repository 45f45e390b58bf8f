// What makes a subject unfit to be sent or believed: the bounds that both ends of the wire hold.
import type { AnonymousSubject, Subject } from './subject.ts';
import { isVisibleAscii } from './visible-ascii.ts';

// The longest that the platform stores; RFC 5321 ends an address at 254.
const limits = { organizationId: 128, userId: 128, userEmail: 320, agentId: 128, agentName: 1024 } as const;

type Field = keyof typeof limits;

const fields = {
  user: ['organizationId', 'userId', 'userEmail'],
  agent: ['organizationId', 'agentId', 'agentName'],
  obo: ['organizationId', 'userId', 'userEmail', 'agentId', 'agentName'],
  anonymous: ['organizationId'],
} as const satisfies Record<string, readonly Field[]>;

const control = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;

/** What is wrong with a subject, as a sentence that names the field and not its value; `undefined` when nothing is. */
export function subjectFault(subject: Subject | AnonymousSubject): string | undefined {
  if (!Object.hasOwn(fields, subject.subjectType)) return 'subjectType is none of user, agent, obo.';
  const values = subject as Partial<Record<Field, unknown>>;
  for (const field of fields[subject.subjectType]) {
    const value = values[field];
    if (typeof value !== 'string') return `${field} is missing.`;
    if (value.length > limits[field]) return `${field} is longer than ${limits[field]} characters.`;
    // A display name is free text; what it may break is encoded on the way.
    if (field === 'agentName') continue;
    if (!isVisibleAscii(value) && (value.trim() === '' || control.test(value))) return `${field} is empty or holds control characters.`;
  }
  return undefined;
}
