// Every kind of caller with every setting of the toggles: which headers an upstream gets, and whom a token speaks of.
import type { OboSubject, Subject } from '@runlayer/identity-forward';
import { subjectFromHeaders } from '@runlayer/identity-forward/headers';
import { createSigner, generateSigningKey, publicJwks } from '@runlayer/identity-forward/sign';
import { createVerifier } from '@runlayer/identity-forward/verify';
import { afterEach, describe, expect, it } from 'vitest';
import { ada, ask, closeAll, connector, echo, helper, hosted, listen, organizationId, seen, serverId, startProxy } from '../test/rig.ts';
import type { Answer, Rig } from '../test/rig.ts';

afterEach(closeAll);

const issuer = 'https://platform.example.com';
const key = generateSigningKey();
const signer = createSigner({ issuer, key });
const verifier = createVerifier({ issuer, serverId, jwks: publicJwks([key]) });

const both: OboSubject = { ...ada, ...helper, subjectType: 'obo' };
const idsOf = {
  user: ['User-Email', 'User-Id'],
  agent: ['Agent-Id', 'Agent-Name'],
  obo: ['User-Email', 'User-Id', 'Agent-Id', 'Agent-Name'],
};
const tokenName = 'X-Runlayer-Identity-Token';

/** A proxy whose only caller this is. */
async function called(subject: Subject, headers: boolean, token: boolean): Promise<Rig> {
  const options = {
    sign: (whose: Subject, server: string) => signer.sign(whose, server),
    authenticate: (credential: string) => (credential === 'rl_key' ? { organizationId, subject, mayCall: true } : undefined),
  };
  return startProxy((await listen(echo)).port, { expose: ['/open'], forward: { headers, token } }, options);
}

function reservedIn(answer: Answer): [string, string][] {
  return seen(answer).headers.filter(([name]) => /^x.runlayer/i.test(name));
}

const toggles = [
  { headers: false, token: false },
  { headers: true, token: false },
  { headers: false, token: true },
  { headers: true, token: true },
];

describe.each(toggles)('with headers $headers and token $token', ({ headers, token }) => {
  it.each([ada, helper, both])(
    'a caller of type $subjectType is told as exactly that, and the token says the same [ID-1, ID-2, ID-3, ID-6]',
    async (subject) => {
      const { port, records } = await called(subject, headers, token);
      for (const path of [`${hosted}/mcp`, `${hosted}/open`, `${connector}/mcp`]) {
        const answer = await ask(port, path, { headers: { 'x-runlayer-api-key': 'rl_key' } });
        const found = reservedIn(answer);
        const plain = headers ? ['Subject-Type', 'Org-Id', ...idsOf[subject.subjectType]].map((name) => `X-Runlayer-${name}`) : [];
        expect(found.map(([name]) => name)).toEqual([...plain, ...(token ? [tokenName] : [])]);
        if (headers) expect(subjectFromHeaders(Object.fromEntries(found))).toEqual(subject);
        if (token) expect(await verifier.verify(Object.fromEntries(found)[tokenName] ?? '')).toMatchObject({ ...subject });
      }
      expect(records.map((record) => record.subject)).toEqual([subject, subject, subject]);
    },
  );

  it('nobody in particular is told as anonymous where headers are on, and never has a token [ID-1, ID-2, PROXY-4]', async () => {
    const { port } = await called(ada, headers, token);
    const told = headers ? { subjectType: 'anonymous', organizationId } : undefined;
    const credentials: Record<string, string>[] = [{}, { 'x-runlayer-api-key': 'rl_wrong' }, { authorization: 'Bearer of-the-upstream' }];
    for (const sent of credentials) {
      const found = reservedIn(await ask(port, `${hosted}/open`, { headers: sent }));
      expect(found.map(([name]) => name)).toEqual(headers ? ['X-Runlayer-Subject-Type', 'X-Runlayer-Org-Id'] : []);
      if (told !== undefined) expect(subjectFromHeaders(Object.fromEntries(found))).toEqual(told);
    }
  });
});

it('an agent on behalf of a user has a token of both, whose subject is the user [ID-3, ID-6, PROXY-4]', async () => {
  const { port } = await called(both, false, true);
  const [[, token] = []] = reservedIn(await ask(port, `${connector}/mcp`, { headers: { authorization: 'Bearer rl_key' } }));
  expect((await verifier.verify(token ?? '')).claims).toMatchObject({
    sub: ada.userId,
    subject_type: 'obo',
    user_id: ada.userId,
    user_email: ada.userEmail,
    agent_id: helper.agentId,
    agent_name: helper.agentName,
    aud: `runlayer:identity-forward:${serverId}`,
  });
});
