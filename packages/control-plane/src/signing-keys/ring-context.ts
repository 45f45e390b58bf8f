// What everything about signing keys works with.
import type { KeyRingTiming } from '@runlayer/identity-forward/sign';
import { keyRingTiming } from '@runlayer/identity-forward/sign';
import type { Context } from '../context.ts';
import { fail } from '../error-codes.ts';
import type { SigningKeyTiming } from './signing-keys.ts';

/** The keys of one organization. */
export interface RingContext extends Pick<Context, 'database' | 'sealer' | 'newId' | 'now' | 'logger'> {
  readonly organizationId: string;
  readonly timing: KeyRingTiming;
}

/** As bound into the envelope of a sealed private key. */
export const sealedColumn = 'signing_keys.sealed_private_jwk';

const daySeconds = 24 * 3600;

/** The times of the ring. A key counts as published after two looks of every server. Throws `ERR_INPUT_INVALID`. */
export function ringTiming({ leadSeconds = 900, rotateEveryDays = 30 }: SigningKeyTiming = {}, pollMs = 1_000): KeyRingTiming {
  try {
    const refreshSeconds = Math.min(60, (2 * pollMs) / 1000);
    return keyRingTiming({ leadSeconds, rotateEverySeconds: rotateEveryDays * daySeconds, refreshSeconds });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw fail('ERR_INPUT_INVALID', `The times of the signing keys cannot be used: ${error.message}`);
  }
}
