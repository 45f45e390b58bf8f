// The ways to sign that are compared: bare signatures over the bytes of a real token, and whole tokens.
import { createPrivateKey, randomUUID, sign, webcrypto } from 'node:crypto';
import type { SigningKey, Subject } from '@runlayer/identity-forward';
import { createSigner } from '@runlayer/identity-forward/sign';
import { SignJWT } from 'jose';
import { mustHaveSodium } from './bare-sodium.ts';
import { contender } from './contender.ts';
import type { Contender, Entry } from './contender.ts';
import { caller, callers, issuer, serverId, signedParts } from './tokens.ts';

export const signing = {
  node: { title: 'node:crypto sign', atOnce: 0, bare: true, make: bareNode },
  web: { title: 'WebCrypto sign', atOnce: 1, bare: true, make: bareWeb },
  'web-16': { title: 'WebCrypto sign, 16 at once', atOnce: 16, bare: true, make: bareWeb },
  sodium: { title: 'sodium-native sign', atOnce: 0, bare: true, make: bareSodium },
  jose: { title: 'jose SignJWT', atOnce: 1, make: jose },
  'plain-node': { title: 'JSON, base64url, node:crypto', atOnce: 0, make: plainNode },
  'plain-sodium': { title: 'JSON, base64url, sodium-native', atOnce: 0, make: plainSodium },
  'ours-node': { title: 'ours, node:crypto', atOnce: 0, make: async (key) => ours(key, 'node') },
  'ours-sodium': { title: 'ours, sodium-native', atOnce: 0, make: async (key) => ours(key, 'sodium') },
  ours: { title: 'ours', atOnce: 0, make: async (key) => ours(key, 'auto') },
  'ours-1000': { title: 'ours, 1,000 callers', atOnce: 0, make: async (key) => ours(key, 'auto', callers(1000)) },
  'ours-new': { title: 'ours, each caller for the first time', atOnce: 0, make: async (key) => ours(key, 'auto', newCallers) },
} as const satisfies Record<string, Entry>;

async function bareNode(key: SigningKey): Promise<Contender> {
  const secret = createPrivateKey({ format: 'jwk', key: { ...key } });
  return contender({ prepare: signedParts(key), operation: ({ message }) => sign(null, message, secret) });
}

async function bareWeb(key: SigningKey): Promise<Contender> {
  const secret = await webKey(key);
  return contender({ prepare: signedParts(key), operation: ({ message }) => webcrypto.subtle.sign('Ed25519', secret, message) });
}

async function bareSodium(key: SigningKey): Promise<Contender> {
  const sodium = mustHaveSodium();
  const secret = secretBytes(key);
  const signature = Buffer.alloc(64);
  return contender({ prepare: signedParts(key), operation: ({ message }) => sodium.crypto_sign_detached(signature, message, secret) });
}

async function jose(key: SigningKey): Promise<Contender> {
  const secret = await webKey(key);
  const header = { alg: 'EdDSA', typ: 'JWT', kid: key.kid };
  return contender({
    prepare: callers(1),
    operation: (subject) => new SignJWT(claims(subject)).setProtectedHeader(header).sign(secret),
  });
}

/** A token as RFC 7515 builds it, with nothing kept ready but the key. */
async function plainNode(key: SigningKey): Promise<Contender> {
  const secret = createPrivateKey({ format: 'jwk', key: { ...key } });
  return plain(key, (message) => sign(null, message, secret));
}

async function plainSodium(key: SigningKey): Promise<Contender> {
  const sodium = mustHaveSodium();
  const secret = secretBytes(key);
  const signature = Buffer.alloc(64);
  return plain(key, (message) => {
    sodium.crypto_sign_detached(signature, message, secret);
    return signature;
  });
}

function plain({ kid }: SigningKey, signatureOf: (message: Buffer) => Buffer): Contender {
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return contender({
    prepare: callers(1),
    operation: (subject) => {
      const message = `${encode({ alg: 'EdDSA', typ: 'JWT', kid })}.${encode(claims(subject))}`;
      return `${message}.${signatureOf(Buffer.from(message, 'latin1')).toString('base64url')}`;
    },
  });
}

function ours(key: SigningKey, engine: 'auto' | 'node' | 'sodium', prepare = callers(1)): Contender {
  const signer = createSigner({ issuer, key, engine });
  return contender({ prepare, operation: (subject) => signer.sign(subject, serverId) });
}

async function newCallers(count: number): Promise<Subject[]> {
  return Array.from({ length: count }, caller);
}

/** The claims of a user's token. */
function claims(subject: Subject): Record<string, string | number> {
  if (subject.subjectType !== 'user') throw new Error('Every caller of this benchmark is a user.');
  const iat = Math.floor(Date.now() / 1000);
  return {
    iss: issuer,
    aud: `runlayer:identity-forward:${serverId}`,
    sub: subject.userId,
    subject_type: 'user',
    organization_id: subject.organizationId,
    user_email: subject.userEmail,
    user_id: subject.userId,
    iat,
    exp: iat + 300,
    jti: randomUUID(),
  };
}

function webKey({ kty, crv, x, d }: SigningKey): Promise<webcrypto.CryptoKey> {
  return webcrypto.subtle.importKey('jwk', { kty, crv, x, d }, 'Ed25519', false, ['sign']);
}

/** The secret as libsodium takes it: seed and public point. */
function secretBytes({ d, x }: SigningKey): Buffer {
  return Buffer.concat([Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')]);
}
