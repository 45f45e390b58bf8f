// The roles through which ECS and Application Auto Scaling act in the account. One of each serves the whole account, so they carry no tags of ours.
import { CreateServiceLinkedRoleCommand, ListRolesCommand } from '@aws-sdk/client-iam';
import { codeOf, reasonOf } from '../../calls/aws-error.ts';
import type { BootstrapContext } from '../bootstrap-options.ts';
import type { Part, Seen } from '../part.ts';

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using-service-linked-roles-for-clusters.html */
const ecs = { service: 'ecs.amazonaws.com', name: 'AWSServiceRoleForECS' };
/** @see https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-service-linked-roles.html */
const scaling = { service: 'ecs.application-autoscaling.amazonaws.com', name: 'AWSServiceRoleForApplicationAutoScaling_ECSService' };

/** The roles that the installation needs: that of scaling only where it scales. */
export function serviceLinkedRoles({ aws }: BootstrapContext): readonly Part[] {
  return [ecs, ...(aws.options.scaling ? [scaling] : [])].map(({ service, name }) => ({
    resource: 'service-linked-role',
    name,
    features: [`for ${service}`],
    look: () => look(aws, service),
    create: () => create(aws, service),
  }));
}

type Aws = BootstrapContext['aws'];

/** By its path, which holds the service: the path is what AWS fixes. */
async function look({ clients, signal }: Aws, service: string): Promise<Seen | undefined> {
  const list = new ListRolesCommand({ PathPrefix: `/aws-service-role/${service}/`, MaxItems: 10 });
  const { Roles: found = [] } = await clients.iam.send(list, { abortSignal: signal });
  return found.length === 0 ? undefined : { corrections: {} };
}

async function create({ clients, signal }: Aws, AWSServiceName: string): Promise<void> {
  try {
    await clients.iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName }), { abortSignal: signal });
  } catch (error) {
    // IAM's own word for a role that is there already, such as one that ECS has made in the meantime.
    if (!codeOf(error).startsWith('InvalidInput') || !/has been taken/i.test(reasonOf(error))) throw error;
  }
}
