// The public keys of identity tokens as an answer that verifiers and caches can keep, and no longer than they may.
import { createHash } from 'node:crypto';
import type { ControlPlane } from '@runlayer/control-plane';
import { publicJwks } from '@runlayer/identity-forward/sign';

/** What the answer is made from: the keys in memory, and the seconds that they may be kept. */
export type PublishedKeys = Pick<ControlPlane['signingKeys'], 'published' | 'maxAgeSeconds'>;

/** The set as text, made once for each change of the keys. */
interface Rendered {
  readonly of: ReturnType<PublishedKeys['published']>;
  readonly body: string;
  readonly etag: string;
}

/**
 * Answers with the set, or with 304 when the caller has this very set. `HEAD` is for the caller to handle.
 * The answer throws `ERR_SIGNING_KEYS_STALE` when the set is too old to be told.
 */
export function createJwksAnswer(keys: PublishedKeys): (ifNoneMatch: string | undefined) => Response {
  let last: Rendered | undefined;
  return (ifNoneMatch) => {
    const published = keys.published();
    // The same list until it changes.
    const { body, etag } = last?.of === published ? last : (last = render(published));
    const headers = {
      etag,
      // Without must-revalidate a cache may go on with a set that it cannot renew, and a revoked key with it (RFC 9111, 4.2.4).
      'cache-control': `public, max-age=${keys.maxAgeSeconds}, must-revalidate`,
      'access-control-allow-origin': '*',
      'x-content-type-options': 'nosniff',
    };
    return hasTag(ifNoneMatch, etag)
      ? new Response(null, { status: 304, headers })
      : new Response(body, { headers: { ...headers, 'content-type': mediaType } });
  };
}

/**
 * Not `application/jwk-set+json`, the registered type: some clients refuse to read anything else as JSON, and none asks for that one.
 * @see https://www.rfc-editor.org/rfc/rfc7517#section-8.5
 */
const mediaType = 'application/json';

function render(of: Rendered['of']): Rendered {
  const body = JSON.stringify(publicJwks(of));
  return { of, body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` };
}

/** Whether a list of tags, weak ones too, holds this one. @see https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2 */
function hasTag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  return ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}
