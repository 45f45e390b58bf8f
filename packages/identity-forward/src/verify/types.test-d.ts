// What must compile, and what must not.
import type { SigningKey } from '../jwk.ts';
import { createSigner } from '../sign/index.ts';
import type { AnonymousSubject } from '../subject.ts';
import { createVerifier } from './index.ts';
import type { VerifiedIdentity } from './index.ts';

createVerifier({ issuer: 'https://r.example', serverId: 's' });
// @ts-expect-error -- the server id cannot be left out
createVerifier({ issuer: 'https://r.example' });
// @ts-expect-error -- the issuer cannot be left out
createVerifier({ serverId: 's' });
// @ts-expect-error -- nor be undefined, as an unset variable is
createVerifier({ issuer: process.env['RUNLAYER_URL'], serverId: 's' });
// @ts-expect-error -- nor be null to switch the check off
createVerifier({ issuer: 'https://r.example', serverId: null });
// @ts-expect-error -- a list of servers is no server
createVerifier({ issuer: 'https://r.example', serverId: ['a', 'b'] });
// @ts-expect-error -- there is no choice of algorithm
createVerifier({ issuer: 'https://r.example', serverId: 's', algorithms: ['none'] });

/** Names a caller; each type has its own fields and no others. */
export function nameOf(identity: VerifiedIdentity): string {
  switch (identity.subjectType) {
    case 'user':
      // @ts-expect-error -- a user is no agent
      identity.agentId.trim();
      return identity.userEmail;
    case 'agent':
      // @ts-expect-error -- an agent alone has no user
      identity.userId.trim();
      return identity.agentName;
    case 'obo':
      return `${identity.agentName} for ${identity.userEmail}`;
    default:
      return identity satisfies never;
  }
}

declare const key: SigningKey;
declare const anonymous: AnonymousSubject;
const signer = createSigner({ issuer: 'https://r.example', key });
// @ts-expect-error -- an anonymous caller gets no token
signer.sign(anonymous, 's');
// @ts-expect-error -- a token is for one server
signer.sign({ subjectType: 'agent', organizationId: 'o', agentId: 'a', agentName: 'n' });
// @ts-expect-error -- an agent on behalf of a user has both
signer.sign({ subjectType: 'obo', organizationId: 'o', agentId: 'a', agentName: 'n' }, 's');
