// The ways to verify that are compared: bare signatures, and whole tokens whose every claim is checked.
import { createPublicKey, verify, webcrypto } from 'node:crypto';
import type { SigningKey } from '@runlayer/identity-forward';
import { createVerifier as createNodeVerifier } from '@runlayer/identity-forward/node';
import { publicJwks } from '@runlayer/identity-forward/sign';
import { createVerifier } from '@runlayer/identity-forward/verify';
import type { Verifier, VerifierOptions } from '@runlayer/identity-forward/verify';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { mustHaveSodium } from './bare-sodium.ts';
import { contender } from './contender.ts';
import type { Contender, Entry } from './contender.ts';
import { issuer, serverId, signedParts, spoilSigned, spoilToken, tokens } from './tokens.ts';

export const verifying = {
  node: { title: 'node:crypto verify', atOnce: 0, bare: true, make: bareNode },
  sodium: { title: 'sodium-native verify', atOnce: 0, bare: true, make: bareSodium },
  ...alone('web', 'WebCrypto verify', bareWeb, true),
  ...alone('jose', 'jose jwtVerify', jose),
  ...alone('ours', 'ours, /verify', async (key) => ours(key, createVerifier(options(key)))),
  ...alone('ours-node', 'ours, /node with node:crypto', async (key) => oursNode(key, 'node')),
  ...alone('ours-sodium', 'ours, /node with sodium-native', async (key) => oursNode(key, 'sodium')),
} as const satisfies Record<string, Entry>;

/** One at a time, and 16 at once. */
function alone<Name extends string>(name: Name, title: string, make: Entry['make'], bare = false): Record<Name | `${Name}-16`, Entry> {
  const entry = { title, atOnce: 1, bare, make };
  return { [name]: entry, [`${name}-16`]: { ...entry, title: `${title}, 16 at once`, atOnce: 16 } } as Record<Name | `${Name}-16`, Entry>;
}

async function bareNode(key: SigningKey): Promise<Contender> {
  const point = createPublicKey({ format: 'jwk', key: publicPart(key) });
  return contender({
    prepare: signedParts(key),
    spoil: spoilSigned,
    operation: ({ message, signature }) => mustBe(verify(null, message, point, signature)),
  });
}

async function bareWeb(key: SigningKey): Promise<Contender> {
  const point = await webcrypto.subtle.importKey('jwk', publicPart(key), 'Ed25519', false, ['verify']);
  return contender({
    prepare: signedParts(key),
    spoil: spoilSigned,
    operation: async ({ message, signature }) => mustBe(await webcrypto.subtle.verify('Ed25519', point, signature, message)),
  });
}

async function bareSodium(key: SigningKey): Promise<Contender> {
  const sodium = mustHaveSodium();
  const point = Buffer.from(key.x, 'base64url');
  return contender({
    prepare: signedParts(key),
    spoil: spoilSigned,
    operation: ({ message, signature }) => mustBe(sodium.crypto_sign_verify_detached(signature, message, point)),
  });
}

async function jose(key: SigningKey): Promise<Contender> {
  const keys = createLocalJWKSet({ keys: [...publicJwks([key]).keys] });
  const expected = { issuer, audience: `runlayer:identity-forward:${serverId}`, algorithms: ['EdDSA'] };
  return contender({ prepare: tokens(key), spoil: spoilToken, operation: (token) => jwtVerify(token, keys, expected) });
}

function ours(key: SigningKey, verifier: Verifier): Contender {
  return contender({ prepare: tokens(key), spoil: spoilToken, operation: (token) => verifier.verify(token) });
}

function oursNode(key: SigningKey, engine: 'node' | 'sodium'): Contender {
  return ours(key, createNodeVerifier({ ...options(key), engine }));
}

/** The keys come by way of the cache, as they do in production, and stay warm in it. */
function options(key: SigningKey): VerifierOptions {
  return { issuer, serverId, fetch: async () => Response.json(publicJwks([key])) };
}

function publicPart({ kty, crv, x }: SigningKey): { kty: string; crv: string; x: string } {
  return { kty, crv, x };
}

function mustBe(valid: boolean): void {
  if (!valid) throw new Error('The signature does not match.');
}
