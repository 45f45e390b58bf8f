// Which parts of a configuration the platform's target does not have.
import type { Config } from '@runlayer/config-schema';
import type { Issue } from '@runlayer/errors';
import type { Provisioner } from '@runlayer/provisioner';

/** A fault for each part that is asked for and missing. Scaling to one copy asks for nothing. */
export function unsupportedParts(
  { infrastructure }: Config,
  { features, target }: Pick<Provisioner, 'features' | 'target'>,
): readonly Issue[] {
  const scales = (infrastructure.scaling?.maxReplicas ?? 1) > 1 || (infrastructure.scaling?.minReplicas ?? 1) > 1;
  const issue = (path: string, what: string): Issue => ({
    path,
    message: `${what} not available on this platform's target (${target}).`,
    hint: 'Remove it, or deploy to a platform that has it.',
  });
  return [
    ...(infrastructure.enableDb && !features.database ? [issue('infrastructure.enable_db', 'A database is')] : []),
    ...(Object.keys(infrastructure.assumeRoles).length > 0 && !features.assumeRoles
      ? [issue('infrastructure.aws.assume_roles', 'AWS roles are')]
      : []),
    ...(scales && !features.scaling ? [issue('infrastructure.scaling', 'More than one copy is')] : []),
  ];
}
