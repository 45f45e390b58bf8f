import { describe, expect, it } from 'vitest';
import type { Subject } from '../subject.ts';
import { createSigner, generateSigningKey } from './index.ts';
import { createReserve } from './reserve.ts';

/** A reserve of numbered tokens, with a clock to turn. */
function numbered(most: number): { next: () => string; signed: () => number; pass: (ms: number) => void } {
  let signed = 0;
  let now = 1000;
  const sign = (): string => {
    signed += 1;
    return String(signed);
  };
  const next = createReserve(most, sign, () => now);
  return { next, signed: () => signed, pass: (ms) => (now += ms) };
}

describe('tokens in reserve', () => {
  it('are each handed out once [ID-3]', () => {
    const { next } = numbered(16);
    const tokens = Array.from({ length: 1000 }, next);
    expect(new Set(tokens).size).toBe(1000);
  });

  it('are made for a caller who comes often, twice as many each time, up to the bound', () => {
    const { next, signed } = numbered(8);
    const after = Array.from({ length: 24 }, () => {
      next();
      return signed();
    });
    expect(after).toEqual([1, 3, 3, 7, 7, 7, 7, ...Array<number>(8).fill(15), ...Array<number>(8).fill(23), 31]);
  });

  it('are not made for a caller who comes seldom', () => {
    const { next, signed, pass } = numbered(16);
    for (let call = 1; call <= 10; call += 1) {
      next();
      expect(signed()).toBe(call);
      pass(5000);
    }
  });

  it.each([
    ['five seconds later', 5000],
    ['when the clock went back', -1],
  ])('are dropped %s', (_name, ms) => {
    const { next, signed, pass } = numbered(16);
    for (let call = 0; call < 4; call += 1) next();
    const before = signed();
    pass(ms);
    expect(next()).toBe(String(before + 1));
    expect(signed()).toBe(before + 1);
  });
});

describe('a signer with a reserve', () => {
  const user: Subject = { subjectType: 'user', organizationId: 'o', userId: 'u', userEmail: 'ann@example.com' };
  const payloadOf = (token: string): Record<string, unknown> =>
    JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;

  it('hands out no token of another caller, server or key, nor of the same caller before a change [ID-3, ID-4]', () => {
    let key = generateSigningKey();
    const signer = createSigner({ issuer: 'https://runlayer.example', key: () => key, reserve: 16 });
    const subject = { ...user };
    const seen = new Set<unknown>();
    for (let round = 0; round < 200; round += 1) {
      if (round === 100) key = generateSigningKey();
      if (round % 20 === 19) Object.assign(subject, { userEmail: `ann${round}@example.com` });
      for (const [who, server] of [
        [subject, 's'],
        [{ ...user, userId: 'v' }, 's'],
        [subject, 't'],
      ] as const) {
        const token = signer.sign(who, server);
        const { jti, aud, user_email, sub } = payloadOf(token);
        expect({ aud, user_email, sub }).toEqual({
          aud: `runlayer:identity-forward:${server}`,
          user_email: who.userEmail,
          sub: who.userId,
        });
        expect(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).toContain(key.kid);
        seen.add(jti);
      }
    }
    expect(seen.size).toBe(600);
  });

  it('gives times that are at most five seconds old', () => {
    let now = 1_767_323_045_000;
    const signer = createSigner({ issuer: 'https://runlayer.example', key: generateSigningKey(), clock: () => now, reserve: 16 });
    for (let call = 0; call < 300; call += 1) {
      const { iat } = payloadOf(signer.sign(user, 's'));
      expect(now / 1000 - (iat as number)).toBeLessThan(6);
      now += 400;
    }
  });
});
