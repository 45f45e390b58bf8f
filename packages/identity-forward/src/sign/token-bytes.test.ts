import { createPrivateKey, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Subject } from '../subject.ts';
import { createSigner, generateSigningKey } from './index.ts';

const issuer = 'https://runlayer.example';
const key = generateSigningKey();
const secret = createPrivateKey({ format: 'jwk', key: { ...key } });
const now = 1_767_323_045;
const user: Subject = { subjectType: 'user', organizationId: 'o', userId: 'u', userEmail: 'ann@example.com' };
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The token as RFC 7515 builds it, with nothing prepared. */
function plainToken(subject: Subject, serverId: string, jti: string): string {
  const sub = subject.subjectType === 'agent' ? subject.agentId : subject.userId;
  const claims = {
    iss: issuer,
    aud: `runlayer:identity-forward:${serverId}`,
    sub,
    subject_type: subject.subjectType,
    organization_id: subject.organizationId,
    ...(subject.subjectType === 'agent' ? {} : { user_email: subject.userEmail, user_id: subject.userId }),
    ...(subject.subjectType === 'user' ? {} : { agent_id: subject.agentId, agent_name: subject.agentName.toWellFormed() }),
    iat: now,
    exp: now + 300,
    jti,
  };
  const message = `${encode({ alg: 'EdDSA', typ: 'JWT', kid: key.kid })}.${encode(claims)}`;
  return `${message}.${sign(null, Buffer.from(message), secret).toString('base64url')}`;
}

// fast-check's own `binary` unit takes a second to set up.
const character = fc
  .oneof(fc.nat(0xff), fc.nat(0xd7ff), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((code) => String.fromCodePoint(code));
const id = fc.string({ unit: fc.constantFrom('a', 'Z', '9', '-', '"', '\\', 'é', '研', '😀'), minLength: 1, maxLength: 40 });
const server = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
  minLength: 1,
  maxLength: 128,
});
const name = fc.oneof(
  fc.string({ unit: character, maxLength: 60 }),
  fc.string({ unit: fc.constantFrom('\ud83d', '\ude00', 'x'), maxLength: 9 }),
);
const userFields = { organizationId: id, userId: id, userEmail: id };
const agentFields = { organizationId: id, agentId: id, agentName: name };
const anySubject: fc.Arbitrary<Subject> = fc.oneof(
  fc.record({ subjectType: fc.constant('user' as const), ...userFields }),
  fc.record({ subjectType: fc.constant('agent' as const), ...agentFields }),
  fc.record({ subjectType: fc.constant('obo' as const), ...userFields, ...agentFields }),
);

describe.each(['sodium', 'node'] as const)('a token by %s', (engine) => {
  let jti = '';
  const signer = createSigner({ issuer, key, engine, clock: () => now * 1000, newId: () => jti });
  const token = (subject: Subject, serverId: string, tokenId: string): string => {
    jti = tokenId;
    return signer.sign(subject, serverId);
  };

  it('is the same to the byte as one built plainly, for any caller, server and id [ID-3]', () => {
    fc.assert(
      fc.property(anySubject, server, fc.string({ maxLength: 60 }), fc.string({ maxLength: 60 }), (subject, serverId, first, second) => {
        // The second comes from what the first has left ready.
        for (const tokenId of [first, second]) expect(token(subject, serverId, tokenId)).toBe(plainToken(subject, serverId, tokenId));
      }),
      { numRuns: 300 },
    );
  });

  it.each([1, 2, 3, 4, 5, 6])('has no seam where the constant claims end, with %i more characters before it', (length) => {
    const subject: Subject = { ...user, userId: 'u'.repeat(length) };
    for (const tokenId of ['', 'a', 'ab', 'abc', 'abcd']) expect(token(subject, 's', tokenId)).toBe(plainToken(subject, 's', tokenId));
  });

  it.each(['', 'é', 'éé', '研究助手', '😀', 'a😀', 'x\ud800', '\ude00\ud83d', '"\\\n\u2028'])('carries the name %j', (agentName) => {
    const subject: Subject = { subjectType: 'agent', organizationId: 'o', agentId: 'a', agentName };
    expect(token(subject, 's', 'id')).toBe(plainToken(subject, 's', 'id'));
  });

  it.each(['"', '\\', 'é', '\ud800', '","sub":"root'])('cannot be broken open by the id %j', (tokenId) => {
    expect(token(user, 's', tokenId)).toBe(plainToken(user, 's', tokenId));
  });
});

it('takes its times from the clock, also when that goes back', () => {
  let seconds = now;
  const signer = createSigner({ issuer, key, clock: () => seconds * 1000 + 999 });
  for (seconds of [now, now, now + 1, now - 3600]) {
    const payload = JSON.parse(Buffer.from(signer.sign(user, 's').split('.')[1] ?? '', 'base64url').toString()) as unknown;
    expect(payload).toMatchObject({ iat: seconds, exp: seconds + 300 });
  }
});
