// Refuses a spec that asks for a part its target does not have.
import type { Failure } from '../failure.ts';
import type { Features } from '../provisioner.ts';
import type { WorkloadSpec } from '../workload.ts';

/**
 * The failure `unsupported` when the spec wants a database or roles that the target does not have, else nothing.
 * Scaling is not refused: a target without it runs one copy.
 */
export function unsupportedParts(spec: WorkloadSpec, features: Features, target: string): Failure | undefined {
  const wanted: string[] = [];
  if (spec.database && !features.database) wanted.push('a database (infrastructure.enable_db)');
  if (Object.keys(spec.assumeRoles).length > 0 && !features.assumeRoles) wanted.push('AWS roles (infrastructure.aws.assume_roles)');
  if (wanted.length === 0) return undefined;
  return {
    code: 'unsupported',
    message: `The configuration asks for ${wanted.join(' and ')}, which the target "${target}" does not have.`,
    fix: 'Take it out of the configuration, or deploy to a target that has it, such as AWS.',
    evidence: {},
  };
}
