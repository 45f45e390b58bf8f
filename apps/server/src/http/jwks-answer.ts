// The public keys of identity tokens as an answer that verifiers and caches can keep.
import { createHash } from 'node:crypto';
import { publicJwks } from '@runlayer/identity-forward/sign';

type Keys = Parameters<typeof publicJwks>[0];

/** Seconds that a verifier may keep the set: a key is published longer than this before it signs. */
const maxAgeSeconds = 300;

/** 200 with the set, or 304 when the caller has this very set. */
export function jwksAnswer(keys: Keys, ifNoneMatch: string | undefined): Response {
  const body = JSON.stringify(publicJwks(keys));
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  const headers = {
    etag,
    'cache-control': `public, max-age=${maxAgeSeconds}`,
    'content-type': 'application/json',
    'access-control-allow-origin': '*',
  };
  const tags = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*')
    ? new Response(null, { status: 304, headers })
    : new Response(body, { status: 200, headers });
}
