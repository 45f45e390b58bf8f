// The role with which ECS starts a deployment's tasks: pull the image, read the secrets, write the log. The deployment's code never has it.
import type { AwsContext } from '../calls/context.ts';
import { executionPolicy } from '../policies/execution-policy.ts';
import { arnOf } from './arns.ts';
import { ensureRole, readRole, removeRole, roleChanges, type RoleState, tasksTrust, type WantedRole } from './role.ts';

/** What ECS must get at to start the tasks. */
export interface WantedExecutionRole {
  readonly deploymentId: string;
  /** ECR repositories of the images that may run; empty for images of a public registry. */
  readonly repositoryArns: readonly string[];
}

/** Reads the execution role. */
export function readExecutionRole(ctx: AwsContext, deploymentId: string): Promise<RoleState | undefined> {
  return readRole(ctx, ctx.names(deploymentId).executionRole);
}

/** What {@link ensureExecutionRole} would change, by name; for a plan. */
export async function executionRoleChanges(ctx: AwsContext, role: RoleState | undefined, wanted: WantedExecutionRole): Promise<string[]> {
  return roleChanges(ctx, role, await roleOf(ctx, wanted), await tasksTrust(ctx));
}

/**
 * Makes the execution role, or changes its policy in place.
 *
 * @throws `ERR_AWS_FOREIGN_OWNER` When a role with this name is not this deployment's.
 */
export async function ensureExecutionRole(ctx: AwsContext, wanted: WantedExecutionRole): Promise<RoleState> {
  return ensureRole(ctx, await roleOf(ctx, wanted));
}

/** Removes the execution role. Call it after the last task is gone. Gone already is fine. */
export function removeExecutionRole(ctx: AwsContext, deploymentId: string): Promise<void> {
  return removeRole(ctx, ctx.names(deploymentId).executionRole, deploymentId);
}

async function roleOf(ctx: AwsContext, { deploymentId, repositoryArns }: WantedExecutionRole): Promise<WantedRole> {
  const { executionRole, logGroup, secretPrefix } = ctx.names(deploymentId);
  const needs = {
    repositoryArns,
    // Every revision's secret, so that a change of variables does not have to wait for a change of policy to spread.
    secretsArn: await arnOf(ctx, 'secretsmanager', `secret:${secretPrefix}*`),
    logGroupArn: await arnOf(ctx, 'logs', `log-group:${logGroup}`),
  };
  return {
    name: executionRole,
    deploymentId,
    description: `Runlayer deployment ${deploymentId}: how ECS starts its tasks.`,
    policies: { start: executionPolicy(needs) },
  };
}
