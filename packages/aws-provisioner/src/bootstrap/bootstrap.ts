// Makes what all deployments of an installation share, in a VPC that is given: a plan by reading, and the same as deeds.
import { reaching } from '../calls/aws-error.ts';
import { demandSubnets } from '../apply/preflight.ts';
import { bootstrapContext, iamArn, type BootstrapContext, type BootstrapOptions } from './bootstrap-options.ts';
import type { BootstrapPlan, BootstrapStep } from './bootstrap-plan.ts';
import { converge, type Part, type Seen, stepOf } from './part.ts';
import { cluster } from './parts/cluster.ts';
import { imageRepository } from './parts/image-repository.ts';
import { permissionsBoundary } from './parts/permissions-boundary.ts';
import { proxySecurityGroup } from './parts/proxy-security-group.ts';
import { pushRole } from './parts/push-role.ts';
import { serviceLinkedRoles } from './parts/service-linked-role.ts';

/** Hears of each resource once it is as it should be. */
export type BootstrapProgress = (step: BootstrapStep) => void;

/** In the order of their making: ECS wants its service-linked role before the first cluster. */
function partsOf(context: BootstrapContext): readonly Part[] {
  return [
    ...serviceLinkedRoles(context),
    cluster(context),
    proxySecurityGroup(context),
    permissionsBoundary(context),
    imageRepository(context),
    pushRole(context),
  ];
}

/**
 * What {@link applyBootstrap} would do. Reads only.
 *
 * @throws `ERR_AWS_OPTIONS`, `ERR_AWS_ACCOUNT`, `ERR_AWS_PLATFORM` (a subnet is not in the VPC), `ERR_AWS_FOREIGN_OWNER` (a name is
 * somebody else's), and those of calls to AWS: `ERR_AWS_UNREACHABLE`, `ERR_AWS_CREDENTIALS`, `ERR_AWS_DENIED`, `ERR_AWS_CALL`.
 */
export function planBootstrap(options: BootstrapOptions): Promise<BootstrapPlan> {
  return reaching(async () => {
    const context = await prepared(options);
    const parts = partsOf(context);
    const seen: (Seen | undefined)[] = [];
    for (const part of parts) seen.push(await part.look());
    const steps = parts.map((part, index) => stepOf(part, seen[index]));
    return summary(context, steps, idOf(parts, seen));
  });
}

/**
 * Makes what is missing, and corrects what differs. Safe to repeat, also after having been killed anywhere; a second run makes no
 * call that changes anything. A foreign owner is refused before the first change.
 *
 * @throws What {@link planBootstrap} throws, and `ERR_AWS_UNSETTLED` when AWS does not show in time what was made.
 */
export function applyBootstrap(options: BootstrapOptions, tell: BootstrapProgress = () => {}): Promise<BootstrapPlan> {
  return reaching(async () => {
    const context = await prepared(options);
    const parts = partsOf(context);
    for (const part of parts) await part.look();
    const steps: BootstrapStep[] = [];
    const seen: Seen[] = [];
    for (const part of parts) {
      options.signal?.throwIfAborted();
      const done = await converge(context, part);
      steps.push(done.step);
      seen.push(done.seen);
      tell(done.step);
    }
    return summary(context, steps, idOf(parts, seen));
  });
}

async function prepared(options: BootstrapOptions): Promise<BootstrapContext> {
  const context = await bootstrapContext(options);
  await demandSubnets(context.aws);
  return context;
}

function idOf(parts: readonly Part[], seen: readonly (Seen | undefined)[]): string | undefined {
  return seen[parts.findIndex(({ resource }) => resource === 'proxy-security-group')]?.id;
}

function summary(context: BootstrapContext, steps: readonly BootstrapStep[], group: string | undefined): BootstrapPlan {
  const { aws, names, account } = context;
  const { environment, vpc, subnets } = aws.options;
  return {
    account,
    region: aws.region,
    environment,
    vpc,
    subnets,
    steps,
    outputs: {
      cluster: names.cluster,
      proxySecurityGroup: group,
      permissionsBoundary: iamArn(context, 'policy', names.boundary),
      pushRole: iamArn(context, 'role', names.pushRole),
      repository: names.repository,
    },
  };
}
