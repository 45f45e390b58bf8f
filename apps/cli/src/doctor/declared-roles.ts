// The AWS roles that a deployment declares, as the platform stored them.
import type { Schemas } from '@runlayer/api/client';

/** A role to be assumed. */
export interface NamedRole {
  /** As declared; its ARN where it is not declared. */
  readonly name: string;
  readonly arn: string;
}

/** The roles of the stored configuration. */
export function declaredRoles({ configuration }: Pick<Schemas['Deployment'], 'configuration'>): NamedRole[] {
  const declared = configuration['aws_assume_roles'];
  if (typeof declared !== 'object' || declared === null) return [];
  return Object.entries(declared).flatMap(([name, arn]) => (typeof arn === 'string' ? [{ name, arn }] : []));
}
