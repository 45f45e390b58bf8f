// Everything that holds on either database.
import type { Database } from '../database/database.ts';
import { deploymentsSuite } from './deployments.suite.ts';
import { peopleSuite } from './people.suite.ts';
import { releasesSuite } from './releases.suite.ts';
import { restoreSuite } from './restore.suite.ts';
import { routesSuite } from './routes.suite.ts';
import { secrecySuite } from './secrecy.suite.ts';
import { sessionsSuite } from './sessions.suite.ts';
import { signingKeyRevocationSuite } from './signing-key-revocation.suite.ts';
import { signingKeyTroubleSuite } from './signing-key-trouble.suite.ts';
import { signingKeysSuite } from './signing-keys.suite.ts';
import { watchSuite } from './watch.suite.ts';

/** Declares the tests; `open` is called when they run. */
export function behaviourSuite(open: () => Database): void {
  deploymentsSuite(open);
  releasesSuite(open);
  routesSuite(open);
  restoreSuite(open);
  watchSuite(open);
  peopleSuite(open);
  secrecySuite(open);
  sessionsSuite(open);
  signingKeysSuite(open);
  signingKeyRevocationSuite(open);
  signingKeyTroubleSuite(open);
}
