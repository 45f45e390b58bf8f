// The claims that stay the same for a caller and a server, checked.
import { audienceOf } from '../claims.ts';
import { IdentityError } from '../identity-error.ts';
import { checkServerId } from '../issuer.ts';
import { subjectFault } from '../subject-fault.ts';
import type { Subject } from '../subject.ts';

/**
 * Every claim but the times and the id, in the order of the token.
 *
 * @throws `ERR_IDENTITY_OPTIONS` for an unusable server id, `ERR_IDENTITY_SUBJECT` for an incomplete or anonymous subject.
 */
export function constantClaims(issuer: string, subject: Subject, serverId: string): Readonly<Record<string, string>> {
  const aud = audienceOf(checkServerId(serverId));
  return { iss: issuer, aud, ...subjectClaims(subject) };
}

function subjectClaims(subject: Subject): Record<string, string> {
  const fault = isAnonymous(subject) ? 'An anonymous caller gets no token.' : subjectFault(subject);
  if (fault !== undefined) throw new IdentityError('ERR_IDENTITY_SUBJECT', fault);
  return {
    sub: subject.subjectType === 'agent' ? subject.agentId : subject.userId,
    subject_type: subject.subjectType,
    organization_id: subject.organizationId,
    ...(subject.subjectType === 'agent' ? {} : { user_email: subject.userEmail, user_id: subject.userId }),
    ...(subject.subjectType === 'user' ? {} : { agent_id: subject.agentId, agent_name: wellFormed(subject.agentName) }),
  };
}

function isAnonymous(subject: Subject): boolean {
  return (subject as { subjectType: string }).subjectType === 'anonymous';
}

/** Half a surrogate pair has no UTF-8 form: other languages would choke on the name. */
function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, '\ufffd');
}
