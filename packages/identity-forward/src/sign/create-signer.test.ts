import fc from 'fast-check';
import { decodeProtectedHeader, jwtVerify, calculateJwkThumbprint, importJWK } from 'jose';
import { describe, expect, it } from 'vitest';
import type { Subject } from '../subject.ts';
import { createVerifier } from '../verify/index.ts';
import { createSigner, generateSigningKey, publicJwks } from './index.ts';
import type { Signer } from './index.ts';

const issuer = 'https://runlayer.example';
const serverId = 'server-1';
const key = generateSigningKey();
const user: Subject = { subjectType: 'user', organizationId: 'o', userId: 'u', userEmail: 'ann@example.com' };
// fast-check's own `binary` unit takes a second to set up.
const character = fc
  .oneof(fc.nat(0xff), fc.nat(0xd7ff), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((code) => String.fromCodePoint(code));
const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;

function isSigned(signer: Signer, subject: Subject): boolean {
  try {
    return signer.sign(subject, serverId).length <= 8192;
  } catch {
    return false;
  }
}

describe('a signing key', () => {
  it('is named by its RFC 7638 thumbprint [ID-3]', async () => {
    expect(key.kid).toBe(await calculateJwkThumbprint(key, 'sha256'));
    expect(generateSigningKey().kid).not.toBe(key.kid);
  });

  it('is published without its secret [ID-4]', () => {
    const published = publicJwks([key]);
    expect(published).toEqual({ keys: [{ kty: 'OKP', crv: 'Ed25519', x: key.x, kid: key.kid, alg: 'EdDSA', use: 'sig' }] });
    expect(JSON.stringify(published)).not.toContain(key.d);
  });

  it.each([
    ['whose halves do not belong together', { ...key, x: generateSigningKey().x }],
    ['under another name', { ...key, kid: generateSigningKey().kid }],
    ['without a secret', { ...key, d: '' }],
    ['of another kind', { ...key, crv: 'X25519' as never }],
  ])('%s is refused, and not shown', (_name, broken) => {
    const signer = createSigner({ issuer, key: broken });
    expect(() => signer.sign(user, serverId)).toThrow(
      expect.objectContaining({ code: 'ERR_IDENTITY_SIGNING_KEY', message: expect.not.stringContaining(key.d) }),
    );
  });
});

describe('a signed token', () => {
  it('holds exactly the claims of a user [ID-3]', () => {
    const token = createSigner({ issuer, key, clock: () => 1_767_323_045_999, newId: () => 'id-1' }).sign(user, serverId);
    expect(claimsOf(token)).toEqual({
      iss: issuer,
      aud: 'runlayer:identity-forward:server-1',
      sub: 'u',
      iat: 1_767_323_045,
      exp: 1_767_323_345,
      jti: 'id-1',
      subject_type: 'user',
      organization_id: 'o',
      user_email: 'ann@example.com',
      user_id: 'u',
    });
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'EdDSA', typ: 'JWT', kid: key.kid });
  });

  it.each<[Subject, string]>([
    [{ subjectType: 'agent', organizationId: 'o', agentId: 'a', agentName: '' }, 'a'],
    [{ ...user, subjectType: 'obo', agentId: 'a', agentName: 'n' }, 'u'],
  ])('speaks of the user, or else of the agent: %j [ID-3, ID-6]', (subject, sub) => {
    expect(claimsOf(createSigner({ issuer, key }).sign(subject, serverId))).toMatchObject({ sub });
  });

  it('is accepted by jose as it comes [ID-5]', async () => {
    const token = createSigner({ issuer, key }).sign(user, serverId);
    const verified = await jwtVerify(token, await importJWK(publicJwks([key]).keys[0] ?? key, 'EdDSA'), {
      issuer,
      audience: 'runlayer:identity-forward:server-1',
    });
    expect(verified.payload.sub).toBe('u');
  });

  it('never comes twice [ID-3]', () => {
    const signer = createSigner({ issuer, key });
    const ids = Array.from({ length: 500 }, () => claimsOf(signer.sign(user, serverId))['jti']);
    expect(new Set(ids).size).toBe(500);
  });

  it('carries any name, and the verifier reads it back [ID-3]', async () => {
    const signer = createSigner({ issuer, key });
    const verifier = createVerifier({ issuer, serverId, jwks: publicJwks([key]) });
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: character, maxLength: 200 }), async (agentName) => {
        const subject: Subject = { subjectType: 'agent', organizationId: 'o', agentId: 'a', agentName };
        expect(await verifier.verify(signer.sign(subject, serverId))).toMatchObject(subject);
      }),
      { numRuns: 50 },
    );
  });

  it('is never longer than a verifier takes: the subject is refused instead [ID-3]', async () => {
    const signer = createSigner({ issuer, key });
    const verifier = createVerifier({ issuer, serverId, jwks: publicJwks([key]) });
    // JSON writes each of these as six characters.
    const subject = (length: number): Subject => ({
      subjectType: 'agent',
      organizationId: 'o',
      agentId: 'a',
      agentName: '\u0001'.repeat(length),
    });
    const longest = Array.from({ length: 1024 }, (_, index) => 1024 - index).find((length) => isSigned(signer, subject(length))) ?? 0;
    expect(longest).toBeGreaterThan(900);
    expect(longest).toBeLessThan(1024);
    await expect(verifier.verify(signer.sign(subject(longest), serverId))).resolves.toMatchObject({ agentId: 'a' });
    expect(() => signer.sign(subject(longest + 1), serverId)).toThrow(expect.objectContaining({ code: 'ERR_IDENTITY_SUBJECT' }));
  });

  it('replaces half a surrogate pair, which has no UTF-8 form', () => {
    const token = createSigner({ issuer, key }).sign(
      { subjectType: 'agent', organizationId: 'o', agentId: 'a', agentName: 'x\ud800' },
      serverId,
    );
    expect(claimsOf(token)['agent_name']).toBe('x\ufffd');
  });
});

describe('the signer', () => {
  it('signs with the key that is current at each token [ID-4]', () => {
    const later = generateSigningKey();
    let current = key;
    const signer = createSigner({ issuer, key: () => current });
    expect(decodeProtectedHeader(signer.sign(user, serverId)).kid).toBe(key.kid);
    current = later;
    expect(decodeProtectedHeader(signer.sign(user, serverId)).kid).toBe(later.kid);
  });

  it('never confuses two callers, also when it remembers few [ID-3]', () => {
    const signer = createSigner({ issuer, key, cacheSize: 2 });
    for (let round = 0; round < 3; round += 1) {
      for (const userId of ['a', 'b', 'c', 'd']) {
        for (const server of ['s', 't']) {
          expect(claimsOf(signer.sign({ ...user, userId }, server))).toMatchObject({
            sub: userId,
            user_id: userId,
            aud: `runlayer:identity-forward:${server}`,
          });
        }
      }
    }
  });

  it('notices that a subject was changed in place', () => {
    const signer = createSigner({ issuer, key });
    const subject = { ...user, subjectType: 'user' as const };
    signer.sign(subject, serverId);
    subject.userEmail = 'ben@example.com';
    expect(claimsOf(signer.sign(subject, serverId))['user_email']).toBe('ben@example.com');
  });

  it.each<[string, unknown]>([
    ['an anonymous caller', { subjectType: 'anonymous', organizationId: 'o' }],
    ['an unknown type', { ...user, subjectType: 'admin' }],
    ['a user without an id', { ...user, userId: undefined }],
    ['an empty user id', { ...user, userId: '' }],
    ['an email with a line end', { ...user, userEmail: 'a@b\r\n' }],
    ['an agent without a name', { subjectType: 'agent', organizationId: 'o', agentId: 'a' }],
    ['no organization', { ...user, organizationId: undefined }],
    ['an id that is too long', { ...user, userId: 'u'.repeat(129) }],
  ])('refuses %s [ID-3]', (_name, subject) => {
    expect(() => createSigner({ issuer, key }).sign(subject as Subject, serverId)).toThrow(
      expect.objectContaining({ code: 'ERR_IDENTITY_SUBJECT' }),
    );
  });

  it.each(['', 'a b', 'ü', 's'.repeat(129)])('refuses the server id "%s"', (id) => {
    expect(() => createSigner({ issuer, key }).sign(user, id)).toThrow(expect.objectContaining({ code: 'ERR_IDENTITY_OPTIONS' }));
  });

  it('refuses an issuer that no verifier would compare equal', () => {
    expect(() => createSigner({ issuer: `${issuer}/`, key })).toThrow(expect.objectContaining({ code: 'ERR_IDENTITY_OPTIONS' }));
  });
});
