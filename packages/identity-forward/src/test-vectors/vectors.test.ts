import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createVerifier, memoryReplayStore } from '../verify/index.ts';
import type { Verifier } from '../verify/index.ts';
import { makeVectors, vectorText } from './vectors.ts';
import type { Vectors } from './vectors.ts';

function fileText(name: string): string {
  return readFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), 'utf8');
}

function file<Name extends keyof Vectors>(name: Name): Vectors[Name] {
  return JSON.parse(fileText(name)) as Vectors[Name];
}

const { good, bad, jwks, issuer, serverId, now, leewaySeconds } = file('tokens');
const fixed = { issuer, serverId, leewaySeconds, clock: () => now * 1000 };

async function codeOf(verifier: Verifier, token: string): Promise<unknown> {
  const error: unknown = await verifier.verify(token).then(
    () => 'accepted',
    (thrown: unknown) => thrown,
  );
  return (error as { code?: unknown }).code ?? error;
}

it.each(Object.entries(makeVectors()))('vectors/%s.json is what `npm run vectors` writes', (name, document) => {
  expect(fileText(name) === vectorText(document)).toBe(true);
});

it('names each case of a file once', () => {
  const { sets } = file('keys');
  const headers = file('headers');
  const lists = [
    [...good, ...bad],
    [...headers.good, ...headers.bad],
    sets,
    ...sets.map((set) => [...set.good, ...set.bad]),
    file('replay').steps,
  ];
  for (const list of lists) {
    const names = list.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  }
});

it('holds at least three hundred forgeries, no two alike, of every kind that a file can hold', () => {
  const all = [...bad, ...file('keys').sets.flatMap((set) => set.bad)];
  expect(new Set(bad.map(({ token }) => token)).size).toBe(bad.length);
  expect(all.length).toBeGreaterThan(300);
  const kinds = ['T1', 'T2', 'T3', 'T4', 'T5', 'T6', 'T7', 'T9', 'T10', 'T11', 'T12', 'T13', 'form'];
  expect([...new Set(all.map(({ attack }) => attack))].toSorted()).toEqual(kinds.toSorted());
});

describe('by one key', () => {
  const verifier = createVerifier({ ...fixed, jwks });

  it.each(good)('accepts $name [ID-3, ID-5, ID-6]', async ({ token, subject }) => {
    const { claims, ...told } = await verifier.verify(token);
    expect(told).toEqual(subject);
    expect(claims.jti).toBeTypeOf('string');
  });

  it.each(bad)('refuses $attack: $name [ID-3, ID-5, ID-6]', async ({ token, code }) => {
    const error: unknown = await verifier.verify(token).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'IdentityError', code });
    const told = JSON.stringify(error) + String(error);
    for (const part of token.split('.')) if (part.length > 8) expect(told).not.toContain(part);
  });

  it('refuses every bad token too when it comes as a header [ID-5]', async () => {
    for (const { token } of bad) {
      await expect(verifier.verifyRequest({ 'x-runlayer-identity-token': token })).rejects.toMatchObject({ name: 'IdentityError' });
    }
  });

  it('refuses more than three hundred good tokens with one character changed [ID-5]', async () => {
    const token = good[0]?.token ?? '';
    const changed = Array.from({ length: Math.ceil(token.length / 2) }, (_, half) => {
      const index = half * 2;
      return `${token.slice(0, index)}${token[index] === 'A' ? 'B' : 'A'}${token.slice(index + 1)}`;
    });
    const codes = await Promise.all(changed.map((forged) => codeOf(verifier, forged)));
    expect(codes.filter((code) => !String(code).startsWith('ERR_IDENTITY_TOKEN_'))).toEqual([]);
    expect(codes.length).toBeGreaterThan(300);
  });
});

describe('by a memory of what was accepted', () => {
  it('tells a replay from what only looks like one [ID-3, ID-5]', async () => {
    const replay = file('replay');
    let seconds = replay.now;
    const clock = (): number => seconds * 1000;
    const verifier = createVerifier({ ...fixed, jwks: replay.jwks, clock, replay: memoryReplayStore({ clock }) });
    for (const step of replay.steps) {
      seconds = step.now;
      expect([step.name, await codeOf(verifier, step.token)]).toEqual([step.name, step.code ?? 'accepted']);
    }
  });
});

describe('by a set of keys', () => {
  it.each(file('keys').sets)('$name [ID-4, ID-5]', async (set) => {
    const verifier = createVerifier({ ...fixed, jwks: set.jwks as typeof jwks });
    for (const { token, subject } of set.good) expect(await verifier.verify(token)).toMatchObject(subject);
    const codes = await Promise.all(set.bad.map(({ token }) => codeOf(verifier, token)));
    expect(codes).toEqual(set.bad.map(({ code }) => code));
  });
});
