// A `describe` that needs a service: a named skip on a laptop, a failure in CI.
import { describe, it } from 'vitest';
import type { Missing } from './services.ts';

/** Prefix of the name of a skipped suite; the reporter lists these at the end of a run. */
export const skipMark = 'skipped:';

/**
 * Runs the suite when nothing is missing. Otherwise, with `CI` set, the suite fails with the reason;
 * without it, it is skipped under a name that tells the reason.
 */
export function describeWith(missing: Missing, name: string, suite: () => void): void {
  if (missing === undefined) {
    describe(name, suite);
  } else if (process.env['CI']) {
    describe(name, () => {
      it('has the services it needs', () => {
        throw new Error(`${missing}; in CI a missing service is a failure`);
      });
    });
  } else {
    describe.skip(name, () => {
      it(`${skipMark} ${missing}`, () => {});
    });
  }
}
