import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createVerifier } from '../verify/index.ts';
import { makeVectors } from './vectors.ts';
import type { Vectors } from './vectors.ts';

const written = JSON.parse(readFileSync(new URL('../../vectors/tokens.json', import.meta.url), 'utf8')) as Vectors;
const { issuer, serverId, jwks, now, leewaySeconds } = written;
const verifier = createVerifier({ issuer, serverId, jwks, leewaySeconds, clock: () => now * 1000 });

it('is what `npm run vectors` writes', () => {
  expect(JSON.parse(JSON.stringify(makeVectors()))).toEqual(written);
});

it('names each case once', () => {
  const names = [...written.good, ...written.bad].map(({ name }) => name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

it.each(written.good)('accepts $name [ID-3, ID-5]', async ({ token }) => {
  const payload = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
  const identity = await verifier.verify(token);
  expect(identity).toMatchObject({ subjectType: payload['subject_type'], organizationId: payload['organization_id'], claims: payload });
});

describe('refuses', () => {
  it.each(written.bad)('$attack: $name [ID-3, ID-5]', async ({ token, code }) => {
    const error: unknown = await verifier.verify(token).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'IdentityError', code });
    const told = JSON.stringify(error) + String(error);
    for (const part of token.split('.')) if (part.length > 8) expect(told).not.toContain(part);
  });

  it('every bad token too when it comes as a header [ID-5]', async () => {
    for (const { token } of written.bad) {
      await expect(verifier.verifyRequest({ 'x-runlayer-identity-token': token })).rejects.toMatchObject({ name: 'IdentityError' });
    }
  });

  it('more than three hundred good tokens with one character changed [ID-5]', async () => {
    const token = written.good[0]?.token ?? '';
    let tried = 0;
    for (let index = 0; index < token.length; index += 2) {
      const replacement = token[index] === 'A' ? 'B' : 'A';
      await expect(verifier.verify(`${token.slice(0, index)}${replacement}${token.slice(index + 1)}`)).rejects.toMatchObject({
        name: 'IdentityError',
      });
      tried += 1;
    }
    expect(tried).toBeGreaterThan(300);
  });
});
