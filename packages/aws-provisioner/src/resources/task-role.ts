// The role a deployment's own code runs with: it may take on the roles it declares and use its own table, and nothing else.
import type { AwsContext } from '../calls/context.ts';
import { assumeRolesPolicy } from '../policies/assume-roles-policy.ts';
import { tablePolicy } from '../policies/table-policy.ts';
import { ensureRole, readRole, removeRole, roleChanges, type RoleState, tasksTrust, type WantedRole } from './role.ts';

/** What a deployment's own code may do. */
export interface WantedTaskRole {
  readonly deploymentId: string;
  /** ARNs of the roles it declares. */
  readonly assumeRoles: readonly string[];
  /** ARN of its table, when it has one. */
  readonly tableArn?: string | undefined;
}

/** Reads the task role. */
export function readTaskRole(ctx: AwsContext, deploymentId: string): Promise<RoleState | undefined> {
  return readRole(ctx, ctx.names(deploymentId).taskRole);
}

/** What {@link ensureTaskRole} would change, by name (`role`, `trust`, `boundary`, `tags`, `policies.<name>`); for a plan. */
export async function taskRoleChanges(ctx: AwsContext, role: RoleState | undefined, wanted: WantedTaskRole): Promise<string[]> {
  return roleChanges(ctx, role, roleOf(ctx, wanted), await tasksTrust(ctx));
}

/**
 * Makes the task role, or changes its policies in place. The role stays for as long as the deployment does, also when it may do nothing:
 * customers' trust policies are bound to its unique id, which a second role of the same name would not have.
 *
 * @throws `ERR_AWS_FOREIGN_OWNER` When a role with this name is not this deployment's.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function ensureTaskRole(ctx: AwsContext, wanted: WantedTaskRole): Promise<RoleState> {
  return ensureRole(ctx, roleOf(ctx, wanted));
}

/** Removes the task role. Call it after the last task is gone: ECS needs it to take tasks down. Gone already is fine. */
export function removeTaskRole(ctx: AwsContext, deploymentId: string): Promise<void> {
  return removeRole(ctx, ctx.names(deploymentId).taskRole, deploymentId);
}

function roleOf(ctx: AwsContext, { deploymentId, assumeRoles, tableArn }: WantedTaskRole): WantedRole {
  return {
    name: ctx.names(deploymentId).taskRole,
    deploymentId,
    description: `Runlayer deployment ${deploymentId}: what its own code may do. Customers' trust policies are bound to it.`,
    policies: {
      'assume-roles': assumeRolesPolicy(assumeRoles),
      table: tableArn === undefined ? undefined : tablePolicy(tableArn),
    },
  };
}
