import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Vectors } from '../test-vectors/vectors.ts';
import { createVerifier } from './index.ts';
import type { NodeVerifier } from './index.ts';

function file<Name extends keyof Vectors>(name: Name): Vectors[Name] {
  return JSON.parse(readFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), 'utf8')) as Vectors[Name];
}

const { good, bad, jwks, issuer, serverId, now, leewaySeconds } = file('tokens');
const { sets } = file('keys');

describe.each(['sodium', 'node'] as const)('with signatures checked by %s, a verifier', (engine) => {
  const by = (keys: unknown): NodeVerifier =>
    createVerifier({ issuer, serverId, jwks: keys as typeof jwks, leewaySeconds, engine, clock: () => now * 1000 });
  const verifier = by(jwks);

  it('says who checks them', () => {
    expect(verifier.engine).toBe(engine);
  });

  it.each(good)('accepts $name [ID-3, ID-5]', async ({ token, subject }) => {
    await expect(verifier.verify(token)).resolves.toMatchObject({ ...subject });
  });

  it.each(bad)('refuses $attack: $name [ID-3, ID-5]', async ({ token, code }) => {
    await expect(verifier.verify(token)).rejects.toMatchObject({ name: 'IdentityError', code });
  });

  it.each(sets)('reads rightly $name [ID-4, ID-5]', async (set) => {
    for (const { token, subject } of set.good) await expect(by(set.jwks).verify(token)).resolves.toMatchObject({ ...subject });
    for (const { token, code } of set.bad) await expect(by(set.jwks).verify(token)).rejects.toMatchObject({ code });
  });

  it('refuses a good token with any one character changed [ID-5]', async () => {
    const token = good[0]?.token ?? '';
    for (let index = 0; index < token.length; index += 1) {
      const changed = `${token.slice(0, index)}${token[index] === 'A' ? 'B' : 'A'}${token.slice(index + 1)}`;
      await expect(verifier.verify(changed)).rejects.toMatchObject({ name: 'IdentityError' });
    }
  });
});
