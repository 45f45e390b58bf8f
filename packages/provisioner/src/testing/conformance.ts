// The behaviours every provisioner has, bound to one target.
import { applyCases } from './apply-cases.ts';
import { destroyCases } from './destroy-cases.ts';
import { failureCases } from './failure-cases.ts';
import type { ConformanceCase, ConformanceHarness } from './harness.ts';
import { interruptionCases } from './interruption-cases.ts';
import { logCases } from './log-cases.ts';
import { secrecyCases } from './secrecy-cases.ts';
import { watchCases } from './watch-cases.ts';

/**
 * The cases that a provisioner must pass, independent of any test framework. Each cleans up after itself
 * and uses deployments of its own, so they may run in any order.
 *
 * @example
 * for (const { name, skip, run } of provisionerConformance(harness)) it.skipIf(skip)(name, run);
 * @throws {TypeError} When `skip` names a case that does not exist.
 */
export function provisionerConformance(harness: ConformanceHarness): ConformanceCase[] {
  const bodies = {
    ...applyCases,
    ...failureCases(harness),
    ...interruptionCases,
    ...destroyCases,
    ...logCases,
    ...watchCases,
    ...secrecyCases,
  };
  const unknown = Object.keys(harness.skip ?? {}).filter((name) => !(name in bodies));
  if (unknown.length > 0) throw new TypeError(`No conformance case is named ${unknown.map((name) => `"${name}"`).join(', ')}.`);
  return Object.entries(bodies).map(([name, body]) => {
    const skip = harness.skip?.[name];
    return skip === undefined ? { name, run: () => body(harness) } : { name, skip, run: async () => {} };
  });
}
