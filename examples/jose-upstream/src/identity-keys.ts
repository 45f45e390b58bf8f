// The fetch that createRemoteJWKSet uses: bounded, sifted, and with a memory for the time when the platform cannot be reached.
import { base64url, calculateJwkThumbprint } from 'jose';
import type { FetchImplementation, JWK } from 'jose';

/** No keys can be had, and the last ones are too old. */
export class KeysUnavailable extends Error {}

const mostBytes = 65_536;
const mostKeys = 64;
/** jose keeps what it is given for ten minutes more: an hour in all. */
const staleMs = 3_000_000;
/** Between tries while there is nothing to fall back on. */
const pauseMs = 1000;

/** Answers with the usable keys of the platform, or with those of the last good answer. */
export function boundedFetch(): FetchImplementation {
  let held: { readonly keys: readonly JWK[]; readonly at: number } | undefined;
  let failedAt = Number.NEGATIVE_INFINITY;
  return async (url, options) => {
    const startedAt = Date.now();
    const usable = (): boolean => held !== undefined && startedAt - held.at < staleMs;
    if (!usable() && startedAt - failedAt < pauseMs) throw new KeysUnavailable('The keys were out of reach a moment ago.');
    try {
      held = { keys: await load(url, options), at: startedAt };
    } catch (cause) {
      failedAt = startedAt;
      if (!usable()) throw new KeysUnavailable('The keys of the platform cannot be had.', { cause });
    }
    return Response.json({ keys: held?.keys });
  };
}

async function load(...[url, options]: Parameters<FetchImplementation>): Promise<JWK[]> {
  const response = await fetch(url, options);
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`The address of the keys answered with status ${response.status}.`);
  }
  const document: unknown = JSON.parse(await readBounded(response));
  const listed = typeof document === 'object' && document !== null ? (document as { keys?: unknown }).keys : undefined;
  if (!Array.isArray(listed) || listed.length > mostKeys) throw new Error('The address of the keys answered with no key set.');
  const keys = new Map<string, JWK>();
  for (const jwk of listed) {
    const key = await plainKey(jwk);
    if (key?.kid !== undefined) keys.set(key.kid, key);
  }
  if (keys.size === 0) throw new Error('The key set holds no usable key.');
  return [...keys.values()];
}

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > mostBytes) throw new Error('The address of the keys answered with more than 64 KiB.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** A plain Ed25519 key under its own fingerprint, so that two keys cannot share a kid; nothing of it is kept but the point. */
async function plainKey(jwk: unknown): Promise<JWK | undefined> {
  if (typeof jwk !== 'object' || jwk === null) return undefined;
  const { kty, crv, x, kid, d, alg = 'EdDSA', use = 'sig' } = jwk as JWK;
  if (kty !== 'OKP' || crv !== 'Ed25519' || typeof x !== 'string' || d !== undefined || alg !== 'EdDSA' || use !== 'sig') return undefined;
  const key = { kty, crv, x };
  if (!isStrongPoint(x) || kid !== (await calculateJwkThumbprint(key))) return undefined;
  return { ...key, kid, alg, use };
}

const prime = 2n ** 255n - 19n;
/** y of the points of small order: anyone can sign for them. See https://eprint.iacr.org/2020/823, table 1. */
const weak: ReadonlySet<bigint> = new Set([
  0n,
  1n,
  prime - 1n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n,
]);

function isStrongPoint(x: string): boolean {
  const point = Buffer.from(x, 'base64url');
  const y = BigInt(`0x0${Buffer.from(point).reverse().toString('hex')}`) % 2n ** 255n;
  return point.length === 32 && base64url.encode(point) === x && y < prime && !weak.has(y);
}
