// What must compile, and what must not.
import type { SigningKey } from '../jwk.ts';
import { createSigner } from '../sign/index.ts';
import type { AnonymousSubject } from '../subject.ts';
import { createVerifier as createNodeVerifier } from '../node/index.ts';
import type { NodeVerifier } from '../node/index.ts';
import { createVerifier, memoryReplayStore } from './index.ts';
import type { ReplayStore, VerifiedIdentity, Verifier, VerifierOptions } from './index.ts';

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

// @ts-expect-error -- who checks the signatures is no question outside Node
createVerifier({ issuer: 'https://r.example', serverId: 's', engine: 'sodium' });

createVerifier({ issuer: 'https://r.example', serverId: 's', replay: memoryReplayStore({ limit: 10 }), staleSeconds: 0 });
createVerifier({
  issuer: 'https://r.example',
  serverId: 's',
  replay: { claim: (id, expiresAt) => Promise.resolve(id.length < expiresAt) },
});
// @ts-expect-error -- a store has to say whether it knew the token
createVerifier({ issuer: 'https://r.example', serverId: 's', replay: { claim: () => undefined } });
// @ts-expect-error -- a set of ids is no store
createVerifier({ issuer: 'https://r.example', serverId: 's', replay: new Set<string>() });

const onNode: NodeVerifier = createNodeVerifier({ issuer: 'https://r.example', serverId: 's', engine: 'sodium' });
/** A program written for one verifier takes the other. */
export const either: Verifier = onNode;
// @ts-expect-error -- the server id cannot be left out on Node either
createNodeVerifier({ issuer: 'https://r.example' });
// @ts-expect-error -- nor the issuer
createNodeVerifier({ serverId: 's' });
// @ts-expect-error -- nor is WebCrypto an engine of Node's
createNodeVerifier({ issuer: 'https://r.example', serverId: 's', engine: 'web' });

type Equal<One, Other> = [One, Other] extends [Other, One] ? true : false;
/** Each is exactly what it says, no more and no less. */
export const exact: readonly true[] = [
  true satisfies Equal<VerifiedIdentity['subjectType'], 'user' | 'agent' | 'obo'>,
  true satisfies Equal<Extract<VerifiedIdentity, { subjectType: 'obo' }>['userId' | 'agentId'], string>,
  true satisfies Equal<VerifierOptions['issuer' | 'serverId'], string>,
  true satisfies Equal<VerifierOptions['replay'], ReplayStore | undefined>,
  true satisfies Equal<Awaited<ReturnType<NodeVerifier['verify']>>, VerifiedIdentity>,
];

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
