// The managed policy that bounds every role made for a deployment: whatever policy such a role gets, it can do no more than this.
import {
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  DeletePolicyVersionCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  paginateListPolicyVersions,
  type PolicyVersion,
} from '@aws-sdk/client-iam';
import { unlessGone } from '../../calls/aws-error.ts';
import { policyText, samePolicy } from '../../policies/policy-document.ts';
import { tagList, tagsFrom } from '../../tags.ts';
import { iamArn, type BootstrapContext } from '../bootstrap-options.ts';
import { boundaryPolicy } from '../boundary-policy.ts';
import { demandOurs, type Part, type Seen } from '../part.ts';

/** A managed policy has at most so many versions. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-versioning.html */
const mostVersions = 5;

/** The policy. It is changed by a new default version: roles that have it keep it. */
export function permissionsBoundary(context: BootstrapContext): Part {
  const { aws, names, tags } = context;
  return {
    resource: 'permissions-boundary',
    name: names.boundary,
    features: ['bounds the roles of all deployments'],
    look: () => look(context),
    create: () => {
      const create = new CreatePolicyCommand({
        PolicyName: names.boundary,
        Path: names.path,
        Description: `Runlayer ${aws.options.environment}: the most that a role of a deployment may do.`,
        PolicyDocument: policyText(wanted(context)),
        Tags: tagList(tags),
      });
      return aws.clients.iam.send(create, { abortSignal: aws.signal });
    },
  };
}

function wanted({ aws, account, partition }: BootstrapContext): ReturnType<typeof boundaryPolicy> {
  return boundaryPolicy({ partition, region: aws.region, account, environment: aws.options.environment });
}

async function look(context: BootstrapContext): Promise<Seen | undefined> {
  const { aws, names } = context;
  const { iam } = aws.clients;
  const abort = { abortSignal: aws.signal };
  const PolicyArn = iamArn(context, 'policy', names.boundary);
  const policy = (await unlessGone(iam.send(new GetPolicyCommand({ PolicyArn }), abort)))?.Policy;
  if (policy === undefined) return undefined;
  demandOurs(`The policy ${names.boundary}`, tagsFrom(policy.Tags), context);
  const get = new GetPolicyVersionCommand({ PolicyArn, VersionId: policy.DefaultVersionId });
  const version = await unlessGone(iam.send(get, abort));
  if (samePolicy(version?.PolicyVersion?.Document, wanted(context))) return { id: PolicyArn, corrections: {} };
  return { id: PolicyArn, corrections: { 'what it allows': () => putVersion(context, PolicyArn) } };
}

/** Makes room for the new version first: the oldest goes, never the one in force. */
async function putVersion(context: BootstrapContext, PolicyArn: string): Promise<void> {
  const { iam } = context.aws.clients;
  const abort = { abortSignal: context.aws.signal };
  const versions: PolicyVersion[] = [];
  for await (const page of paginateListPolicyVersions({ client: iam }, { PolicyArn }, abort)) versions.push(...(page.Versions ?? []));
  const [oldest] = versions.filter(({ IsDefaultVersion }) => IsDefaultVersion !== true).sort((a, b) => numberOf(a) - numberOf(b));
  if (versions.length >= mostVersions && oldest !== undefined) {
    await unlessGone(iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: oldest.VersionId }), abort));
  }
  const PolicyDocument = policyText(wanted(context));
  await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument, SetAsDefault: true }), abort);
}

function numberOf({ VersionId = 'v0' }: PolicyVersion): number {
  return Number(VersionId.slice(1));
}
