// The role whose credentials clients push images with. Everyone who may deploy can read them, so it may push and pull, and nothing else.
import {
  CreateRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  paginateListAttachedRolePolicies,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { unlessGone } from '../../calls/aws-error.ts';
import { policyText, samePolicy } from '../../policies/policy-document.ts';
import { readRole, type RoleState } from '../../resources/role.ts';
import { tagList } from '../../tags.ts';
import type { BootstrapContext } from '../bootstrap-options.ts';
import { demandOurs, type Part, type Seen } from '../part.ts';
import { pushPolicy, pushTrustPolicy } from '../push-policies.ts';

/** Name of the inline policy. */
const policyName = 'push';

/** The role. */
export function pushRole(context: BootstrapContext): Part {
  const { aws, names, tags } = context;
  return {
    resource: 'push-role',
    name: names.pushRole,
    features: [`pushes to and pulls from ${names.repository}`, 'may do nothing else'],
    look: () => look(context),
    create: () => {
      const create = new CreateRoleCommand({
        RoleName: names.pushRole,
        Path: names.path,
        Description: `Runlayer ${aws.options.environment}: pushes images.`,
        AssumeRolePolicyDocument: policyText(pushTrustPolicy(context)),
        Tags: tagList(tags),
      });
      return aws.clients.iam.send(create, { abortSignal: aws.signal });
    },
  };
}

async function look(context: BootstrapContext): Promise<Seen | undefined> {
  const { aws, names } = context;
  const role = await readRole(aws, names.pushRole);
  if (role === undefined) return undefined;
  demandOurs(`The role ${names.pushRole}`, role.tags, context);
  return { id: role.arn, corrections: { ...corrections(context, role), ...(await surplus(context, role)) } };
}

function corrections(context: BootstrapContext, role: RoleState): Seen['corrections'] {
  const { iam } = context.aws.clients;
  const abort = { abortSignal: context.aws.signal };
  const { name: RoleName } = role;
  const [trust, policy] = [pushTrustPolicy(context), pushPolicy(context)];
  const update = new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: policyText(trust) });
  const put = new PutRolePolicyCommand({ RoleName, PolicyName: policyName, PolicyDocument: policyText(policy) });
  return {
    ...(samePolicy(role.trust, trust) ? {} : { 'who may take it on': () => iam.send(update, abort) }),
    ...(samePolicy(role.policies[policyName], policy) ? {} : { 'what it may do': () => iam.send(put, abort) }),
  };
}

/** Policies that are not ours would let everyone who deploys do more than push. */
async function surplus({ aws }: BootstrapContext, { name: RoleName, policies }: RoleState): Promise<Seen['corrections']> {
  const { iam } = aws.clients;
  const abort = { abortSignal: aws.signal };
  const taken: Record<string, () => Promise<unknown>> = {};
  for (const PolicyName of Object.keys(policies).filter((name) => name !== policyName)) {
    taken[`has the policy ${PolicyName}`] = () => unlessGone(iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }), abort));
  }
  for (const PolicyArn of await attached(aws, RoleName)) {
    taken[`has the policy ${PolicyArn}`] = () => unlessGone(iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }), abort));
  }
  return taken;
}

async function attached({ clients, signal }: BootstrapContext['aws'], RoleName: string): Promise<string[]> {
  const arns: string[] = [];
  const pages = paginateListAttachedRolePolicies({ client: clients.iam }, { RoleName }, { abortSignal: signal });
  for await (const page of pages) arns.push(...(page.AttachedPolicies ?? []).flatMap(({ PolicyArn }) => PolicyArn ?? []));
  return arns;
}
