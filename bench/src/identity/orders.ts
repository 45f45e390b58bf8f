// What the benchmark and the process of a contender tell each other.
import type { SigningKey } from '@runlayer/identity-forward';

export type Section = 'signing' | 'verifying';

/** One turn, of about so many milliseconds; the first also says of what. */
export type Order =
  | { readonly kind: 'start'; readonly milliseconds: number; readonly section: Section; readonly name: string; readonly key: SigningKey }
  | { readonly kind: 'turn'; readonly milliseconds: number };

/** What a turn took: user and system time of all threads. */
export interface Turn {
  readonly operations: number;
  readonly cpuMicroseconds: number;
}
