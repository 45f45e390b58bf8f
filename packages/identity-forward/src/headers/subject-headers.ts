// A subject as the plain headers of Identity Forward, and back.
import { IdentityError } from '../identity-error.ts';
import type { AnonymousSubject, Subject } from '../subject.ts';
import { subjectFault } from '../subject-fault.ts';
import { decodeHeaderValue, encodeAlways, encodeHeaderValue } from './encoding.ts';
import { subjectHeaderNames } from './names.ts';
import { headerValues } from './read-header.ts';
import type { HeaderSource } from './read-header.ts';

type Field = keyof typeof subjectHeaderNames;

/** Which headers each kind of subject has, in the order they are sent; it has no others. */
const fieldsOf = {
  user: ['subjectType', 'organizationId', 'userEmail', 'userId'],
  agent: ['subjectType', 'organizationId', 'agentId', 'agentName'],
  obo: ['subjectType', 'organizationId', 'userEmail', 'userId', 'agentId', 'agentName'],
  anonymous: ['subjectType', 'organizationId'],
} as const satisfies Record<string, readonly Field[]>;

/**
 * The headers that tell an upstream who calls, as name and value. Values outside printable ASCII are encoded (see
 * {@link encodeHeaderValue}). They prove nothing by themselves: send them only where nobody else can reach the upstream.
 */
export function subjectHeaders(subject: Subject | AnonymousSubject): [name: string, value: string][] {
  const values = subject as Partial<Record<Field, string>>;
  return fieldsOf[subject.subjectType].map((field) => [subjectHeaderNames[field], valueOf(field, values[field] ?? '')]);
}

/** A comma in anything but a display name means a repeated header to the reader, so it travels encoded. */
function valueOf(field: Field, text: string): string {
  return field !== 'agentName' && text.includes(',') ? encodeAlways(text) : encodeHeaderValue(text);
}

/**
 * The subject that {@link subjectHeaders} wrote. Unsigned: trust it only where the platform is the sole caller.
 *
 * @throws `ERR_IDENTITY_HEADERS` when a header is missing, repeated, malformed, or does not belong to the subject type.
 */
export function subjectFromHeaders(headers: HeaderSource): Subject | AnonymousSubject {
  const values = readFields(headers);
  if (!isSubjectType(values.subjectType)) throw refuse('X-Runlayer-Subject-Type is missing or unknown.');
  const expected: readonly Field[] = fieldsOf[values.subjectType];
  for (const field of Object.keys(subjectHeaderNames) as Field[]) {
    const present = values[field] !== undefined;
    if (present !== expected.includes(field))
      throw refuse(`${subjectHeaderNames[field]} ${present ? 'does not belong to' : 'is missing for'} this subject type.`);
  }
  const subject = values as unknown as Subject | AnonymousSubject;
  const fault = subjectFault(subject);
  if (fault !== undefined) throw refuse(fault);
  return subject;
}

function isSubjectType(value: string | undefined): value is keyof typeof fieldsOf {
  return value !== undefined && Object.hasOwn(fieldsOf, value);
}

function readFields(headers: HeaderSource): Partial<Record<Field, string>> {
  const found: Partial<Record<Field, string>> = {};
  for (const [field, name] of Object.entries(subjectHeaderNames) as [Field, string][]) {
    const values = headerValues(headers, name);
    const [value] = values;
    if (value === undefined) continue;
    // Node and web Headers join a repeated header with a comma; only a display name may hold one itself.
    if (values.length > 1 || (field !== 'agentName' && value.includes(','))) throw refuse(`${name} came more than once.`);
    found[field] = decodeHeaderValue(value);
  }
  return found;
}

function refuse(message: string): IdentityError {
  return new IdentityError('ERR_IDENTITY_HEADERS', message);
}
