// What a verified token says, in the words of this package.
import type { IdentityClaims } from '../claims.ts';
import type { Subject } from '../subject.ts';

/** Who calls, told apart by `subjectType`, with the claims the token carried. */
export type VerifiedIdentity = Subject & {
  /** The claims as they stood in the token, all checked; `jti` is there to refuse a replay by. */
  readonly claims: IdentityClaims;
};

/** The identity in checked claims. */
export function identityOf(claims: IdentityClaims): VerifiedIdentity {
  const organizationId = claims.organization_id;
  switch (claims.subject_type) {
    case 'user':
      return { subjectType: 'user', organizationId, userId: claims.user_id, userEmail: claims.user_email, claims };
    case 'agent':
      return { subjectType: 'agent', organizationId, agentId: claims.agent_id, agentName: claims.agent_name, claims };
    case 'obo':
      return {
        subjectType: 'obo',
        organizationId,
        userId: claims.user_id,
        userEmail: claims.user_email,
        agentId: claims.agent_id,
        agentName: claims.agent_name,
        claims,
      };
  }
}
