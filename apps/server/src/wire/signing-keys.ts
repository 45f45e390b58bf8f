// Signing keys as the wire shows them.
import type { WireSigningKey, WireSigningKeyRotation } from '@runlayer/api';
import type { Rotation, SigningKeyView } from '@runlayer/control-plane';

/** One key, without its private half. */
export function wireSigningKey(key: SigningKeyView): WireSigningKey {
  return {
    kid: key.kid,
    state: key.state,
    created_at: key.createdAt,
    published_at: key.publishedAt,
    signs_from: key.signsFrom,
    retired_at: key.retiredAt,
    removed_at: key.removedAt,
    revoked_at: key.revokedAt,
  };
}

/** What a request to rotate led to. */
export function wireRotation({ done, kid, at }: Rotation): WireSigningKeyRotation {
  return { done, kid, at };
}
