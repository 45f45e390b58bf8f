// How an attempt to reach an upstream ended that brought no answer.
import type { Place } from './prepared-route.ts';

export interface AttemptFailure {
  readonly error: Error;
  /** Whether a byte of the request may have reached the upstream. */
  readonly sent: boolean;
  /** Where it went. */
  readonly place: Place;
}
