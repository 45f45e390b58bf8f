import { describe, expect, it } from 'vitest';
import { goodClaims, goodHeader, issuer, now, platformKey, serverId, signParts } from '../test-vectors/craft.ts';
import { createVerifier } from './create-verifier.ts';
import { memoryReplayStore } from './memory-replay-store.ts';
import type { ReplayStore } from './replay-store.ts';
import type { Verifier } from './verifier.ts';

const jwks = { keys: [platformKey.jwk] };
const token = signParts(goodHeader, goodClaims.user);
const { jti, exp } = goodClaims.user;
const clock = (): number => now * 1000;
const verifier = (replay: ReplayStore, timeoutMs?: number): Verifier =>
  createVerifier({ issuer, serverId, jwks, clock, replay, timeoutMs });

describe('a verifier that remembers', () => {
  it('takes a token once, also when it comes many times at once [ID-5]', async () => {
    const once = verifier(memoryReplayStore({ clock }));
    const answers = await Promise.allSettled(Array.from({ length: 20 }, () => once.verify(token)));
    expect(answers.filter(({ status }) => status === 'fulfilled').length).toBe(1);
    for (const answer of answers)
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'ERR_IDENTITY_TOKEN_REPLAYED', status: 401 });
    await expect(once.verify(signParts(goodHeader, { ...goodClaims.user, jti: 'another' }))).resolves.toBeDefined();
  });

  it('names the issuer, the audience and the token, and the moment from which nobody takes it', async () => {
    const asked: unknown[] = [];
    const store: ReplayStore = {
      claim(...question) {
        asked.push(question);
        return Promise.resolve(true);
      },
    };
    await verifier(store).verify(token);
    expect(asked).toEqual([[`${issuer} runlayer:identity-forward:${serverId} ${jti}`, exp + 30]]);
  });

  it('takes a token not even once that dies while its keys are being fetched [ID-5]', async () => {
    let time = (exp + 29) * 1000;
    const asked: string[] = [];
    const late = createVerifier({
      issuer,
      serverId,
      clock: () => time,
      fetch: () => {
        time += 1000;
        return Promise.resolve(Response.json(jwks));
      },
      replay: { claim: (id) => asked.push(id) > 0 },
    });
    const answers = await Promise.allSettled([late.verify(token), late.verify(token)]);
    for (const answer of answers) expect(answer).toMatchObject({ reason: { code: 'ERR_IDENTITY_TOKEN_EXPIRED' } });
    expect(asked).toEqual([]);
  });

  it('shares a store with another server: neither uses up the tokens of the other', async () => {
    const replay = memoryReplayStore({ clock });
    const other = createVerifier({ issuer, serverId: 'other', jwks, clock, replay });
    await verifier(replay).verify(token);
    await expect(
      other.verify(signParts(goodHeader, { ...goodClaims.user, aud: 'runlayer:identity-forward:other' })),
    ).resolves.toBeDefined();
  });

  it('asks about no token that is wrong, so that nobody can use up the id of a right one [ID-5]', async () => {
    const once = verifier(memoryReplayStore({ clock }));
    const [head, body] = token.split('.');
    await expect(once.verify(`${head}.${body}.${'A'.repeat(86)}`)).rejects.toMatchObject({ code: 'ERR_IDENTITY_TOKEN_SIGNATURE' });
    await expect(once.verify(token)).resolves.toBeDefined();
  });

  it.each<[string, ReplayStore['claim'], string]>([
    [
      'throws',
      () => {
        throw new Error(`SET ${jti} failed`);
      },
      'threw an error',
    ],
    ['rejects', () => Promise.reject(new Error(`SET ${jti} failed`)), 'threw an error'],
    ['never answers', () => new Promise(() => undefined), 'within 20 ms'],
    ['answers with something else', () => 'OK' as unknown as boolean, 'with a boolean'],
    ['answers with nothing', () => Promise.resolve(undefined as unknown as boolean), 'with a boolean'],
  ])('refuses the token when the store %s, and tells nothing of it', async (_name, claim, message) => {
    const error: unknown = await verifier({ claim }, 20)
      .verify(token)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'ERR_IDENTITY_REPLAY_STORE', status: 503, message: expect.stringContaining(message) });
    expect(JSON.stringify(error) + String((error as Error).stack) + String((error as Error).cause)).not.toContain(jti);
  });

  it.each([null, {}, { claim: true }])('takes no %j for a store', (replay) => {
    expect(() => verifier(replay as unknown as ReplayStore)).toThrow(expect.objectContaining({ code: 'ERR_IDENTITY_OPTIONS' }));
  });
});

describe('the store in memory', () => {
  it('forgets a token when it has expired, and not before', () => {
    let seconds = 1000;
    const store = memoryReplayStore({ clock: () => seconds * 1000 + 999 });
    expect(store.claim('a', 1300)).toBe(true);
    seconds = 1299;
    expect(store.claim('a', 1300)).toBe(false);
    seconds = 1300;
    expect(store.claim('a', 1600)).toBe(true);
  });

  it('takes no token while it is full of living ones, and still knows those it has', () => {
    let seconds = 1000;
    const store = memoryReplayStore({ limit: 3, clock: () => seconds * 1000 });
    const full = expect.objectContaining({
      code: 'ERR_IDENTITY_REPLAY_STORE',
      message: 'The replay store holds 3 tokens that are still alive.',
    });
    for (const id of ['a', 'b', 'c']) expect(store.claim(id, id === 'a' ? 1100 : 1300)).toBe(true);
    expect(() => store.claim('d', 1300)).toThrow(full);
    expect(store.claim('a', 1100)).toBe(false);
    seconds = 1100;
    expect(store.claim('d', 1300)).toBe(true);
    expect(() => store.claim('e', 1300)).toThrow(full);
    expect(store.claim('b', 1300)).toBe(false);
  });

  it('takes nothing that is dead by its own clock, which it would forget and take again', async () => {
    const store = memoryReplayStore({ clock: () => 1300_000 });
    expect(store.claim('a', 1301)).toBe(true);
    for (const _ of [1, 2]) expect(() => store.claim('b', 1300)).toThrow(expect.objectContaining({ code: 'ERR_IDENTITY_REPLAY_STORE' }));
    const ahead = verifier(memoryReplayStore({ clock: () => (exp + 30) * 1000 }));
    await expect(ahead.verify(token)).rejects.toMatchObject({
      code: 'ERR_IDENTITY_REPLAY_STORE',
      message: expect.stringContaining('clock'),
    });
  });

  it('lets the verifier say that it is full', async () => {
    const full = verifier(memoryReplayStore({ limit: 1, clock }));
    await full.verify(token);
    await expect(full.verify(signParts(goodHeader, { ...goodClaims.user, jti: 'another' }))).rejects.toMatchObject({
      code: 'ERR_IDENTITY_REPLAY_STORE',
      message: expect.stringContaining('holds 1 tokens'),
    });
  });

  it('never takes a token twice while it lives, whatever comes between', () => {
    let seconds = 0;
    const store = memoryReplayStore({ limit: 5000, clock: () => seconds * 1000 });
    for (let token_ = 0; token_ < 20_000; token_ += 1) {
      seconds = Math.floor(token_ / 10);
      expect(store.claim(`${token_}`, seconds + 330)).toBe(true);
      expect(store.claim(`${Math.max(0, token_ - 3000)}`, seconds + 330)).toBe(false);
    }
  });

  it.each([0, -1, 1.5, Number.NaN, 10_000_001])('has no limit of %d', (limit) => {
    expect(() => memoryReplayStore({ limit })).toThrow(expect.objectContaining({ code: 'ERR_IDENTITY_OPTIONS' }));
  });
});
