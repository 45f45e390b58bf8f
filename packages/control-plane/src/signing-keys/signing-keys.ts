// The Ed25519 keys that sign identity tokens, as callers see them: private parts sealed, public parts published.
import type { PublicJwk, SigningKey } from '@runlayer/identity-forward';
import type { OperatorPrincipal, Principal } from '../principal.ts';

/**
 * `next`: published, and does not sign yet. `current`: signs. `retired`: signs no more, and stays published as long as a token of it may be
 * alive. `removed`: published no more. `revoked`: taken out of the set by an operator.
 */
export type SigningKeyState = 'next' | 'current' | 'retired' | 'removed' | 'revoked';

/** One key, without anything secret. Times are ISO 8601 UTC by the database's clock. */
export interface SigningKeyView {
  /** RFC 7638 thumbprint of the key, as in the header of its tokens. */
  readonly kid: string;
  readonly state: SigningKeyState;
  readonly createdAt: string;
  /** By when every server published it. */
  readonly publishedAt: string;
  /** When it began to sign. Of `next`: when it is expected to; null when nothing but a request makes it. Null when it never signed. */
  readonly signsFrom: string | null;
  /** When another took its place. */
  readonly retiredAt: string | null;
  /** When it left the published set. Of `retired`: when it is expected to. */
  readonly removedAt: string | null;
  readonly revokedAt: string | null;
}

/** What a request to rotate led to. */
export interface Rotation {
  /** False: the key is not published long enough, and any server makes the change at the time `at`. */
  readonly done: boolean;
  /** The key that signs now, or will. */
  readonly kid: string;
  /** ISO 8601 UTC, by the database's clock: when it took over, or takes over at the earliest. */
  readonly at: string;
}

/** The signing keys of an organization. */
export interface SigningKeys {
  /**
   * The key that signs now, from memory, its private part included: never log it. Ask anew for every token. Throws
   * `ERR_SIGNING_KEYS_STALE` when the keys could not be read for 45 minutes.
   */
  current(): SigningKey;
  /**
   * Every public key that a living token may be signed with, and the next one; from memory, the same list until it changes. Throws
   * `ERR_SIGNING_KEYS_STALE` when the keys could not be read for 45 minutes: one of them may be revoked by then.
   */
  published(): readonly PublicJwk[];
  /** Seconds for `Cache-Control: max-age` of the published set; fewer while the database cannot be read. */
  readonly maxAgeSeconds: number;
  /** Newest first: those in use and the last 50 of the others. Admins only. Throws `ERR_FORBIDDEN`. */
  list(principal: Principal | OperatorPrincipal): Promise<readonly SigningKeyView[]>;
  /**
   * Lets the next key take over: at once when it has been published long enough, or else at the time that is told. `now`: at once in any
   * case, or within 2 s once every server publishes it, at the price of tokens that a verifier with an older set refuses. Admins only. Throws `ERR_FORBIDDEN`,
   * `ERR_SIGNING_KEYS_FULL` while too many keys are published.
   */
  rotate(principal: Principal | OperatorPrincipal, options?: { readonly now?: boolean | undefined }): Promise<Rotation>;
  /**
   * Takes a key out of the published set at once, for good: its tokens are refused as soon as verifiers fetch the set again. In place of the
   * current one the next signs at once; a next one is replaced. Repeating it changes nothing. Admins only. Throws `ERR_FORBIDDEN`,
   * `ERR_SIGNING_KEY_NOT_FOUND`.
   */
  revoke(principal: Principal | OperatorPrincipal, kid: string): Promise<SigningKeyView>;
}

/** When keys change; the defaults suit every platform. */
export interface SigningKeyTiming {
  /** How long the next key is published before it signs, s, 1 to 86,400. Default 900. */
  readonly leadSeconds?: number | undefined;
  /** The current key is replaced so many days after it began to sign; 0: only when asked. At most 3650. Default 30. */
  readonly rotateEveryDays?: number | undefined;
}
