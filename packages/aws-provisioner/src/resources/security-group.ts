// The firewall of a deployment's tasks: only the platform's proxy gets in, and only on the service's port.
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DeleteSecurityGroupCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  type IpPermission,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroup,
} from '@aws-sdk/client-ec2';
import { codeOf, exists, isNotFound, reasonOf, settled, spreadingMs, unlessGone } from '../calls/aws-error.ts';
import type { AwsContext } from '../calls/context.ts';
import { awsError } from '../error-codes.ts';
import { demandOwned, missingTags, tagList, type Tags, tagsFrom } from '../tags.ts';
import { readOrCreate } from './read-or-create.ts';

/** A security group as EC2 has it. */
export interface SecurityGroupState {
  readonly id: string;
  readonly name: string;
  readonly tags: Tags;
  /** What it lets in. */
  readonly ingress: readonly IpPermission[];
}

/** Who may call the tasks. */
export interface WantedSecurityGroup {
  readonly deploymentId: string;
  /** TCP ports that the proxy may call. During a rollout to another port name both: the former tasks still serve on the former one. */
  readonly ports: readonly number[];
}

/** Reads the security group. In EC2 its key is the VPC and the name. */
export async function readSecurityGroup(ctx: AwsContext, deploymentId: string): Promise<SecurityGroupState | undefined> {
  const [group] = await findGroups(ctx, deploymentId, [{ Name: 'vpc-id', Values: [ctx.options.vpc] }]);
  return group;
}

async function findGroups(
  ctx: AwsContext,
  deploymentId: string,
  filters: { Name: string; Values: string[] }[] = [],
): Promise<SecurityGroupState[]> {
  const describe = new DescribeSecurityGroupsCommand({
    Filters: [{ Name: 'group-name', Values: [ctx.names(deploymentId).securityGroup] }, ...filters],
  });
  const found = await ctx.clients.ec2.send(describe, { abortSignal: ctx.signal });
  return (found.SecurityGroups ?? []).map(stateOf);
}

function stateOf(group: SecurityGroup): SecurityGroupState {
  return { id: group.GroupId ?? '', name: group.GroupName ?? '', tags: tagsFrom(group.Tags), ingress: group.IpPermissions ?? [] };
}

/** What {@link ensureSecurityGroup} would change, by name (`group`, `tags`, `ingress`); for a plan. */
export function securityGroupChanges(ctx: AwsContext, group: SecurityGroupState | undefined, wanted: WantedSecurityGroup): string[] {
  if (group === undefined) return ['group'];
  const { missing, surplus } = compareIngress(ctx, group, wanted);
  return [
    ...(Object.keys(missingTags(group.tags, ctx.tags(wanted.deploymentId))).length === 0 ? [] : ['tags']),
    ...(missing.length + surplus.length === 0 ? [] : ['ingress']),
  ];
}

/**
 * Makes the security group, or corrects what it lets in: the wanted ports from the proxy, and nothing else.
 *
 * @throws `ERR_AWS_FOREIGN_OWNER` When a group with this name is not this deployment's.
 */
export async function ensureSecurityGroup(ctx: AwsContext, wanted: WantedSecurityGroup): Promise<SecurityGroupState> {
  const { deploymentId } = wanted;
  const { securityGroup } = ctx.names(deploymentId);
  const group = await readOrCreate(
    ctx,
    `the security group ${securityGroup} exists`,
    () => readSecurityGroup(ctx, deploymentId),
    () => createGroup(ctx, deploymentId),
  );
  demandOwned(`The security group ${securityGroup} (${group.id})`, group.tags, ctx.tags(deploymentId));
  await correctTags(ctx, group, ctx.tags(deploymentId));
  await correctIngress(ctx, group, wanted);
  return group;
}

async function createGroup(ctx: AwsContext, deploymentId: string): Promise<SecurityGroupState | undefined> {
  const { securityGroup } = ctx.names(deploymentId);
  const tags = ctx.tags(deploymentId);
  const create = new CreateSecurityGroupCommand({
    GroupName: securityGroup,
    Description: `Runlayer deployment ${deploymentId}: calls from the proxy.`,
    VpcId: ctx.options.vpc,
    TagSpecifications: [{ ResourceType: 'security-group', Tags: tagList({ ...tags, Name: securityGroup }) }],
  });
  const { GroupId: id } = await ctx.clients.ec2.send(create, { abortSignal: ctx.signal });
  return id === undefined ? undefined : { id, name: securityGroup, tags, ingress: [] };
}

async function correctTags(ctx: AwsContext, { id, tags }: SecurityGroupState, wanted: Tags): Promise<void> {
  const missing = missingTags(tags, wanted);
  if (Object.keys(missing).length === 0) return;
  await ctx.clients.ec2.send(new CreateTagsCommand({ Resources: [id], Tags: tagList(missing) }), { abortSignal: ctx.signal });
}

async function correctIngress(ctx: AwsContext, group: SecurityGroupState, wanted: WantedSecurityGroup): Promise<void> {
  const { missing, surplus } = compareIngress(ctx, group, wanted);
  for (const permission of missing) {
    const authorize = new AuthorizeSecurityGroupIngressCommand({ GroupId: group.id, IpPermissions: [permission] });
    // A group that was made just now may not be known everywhere yet; a rule that is there already is what we want.
    const call = (): Promise<void> => unlessDuplicate(ctx.clients.ec2.send(authorize, { abortSignal: ctx.signal }));
    await settled(ctx, call, (error) => isNotFound(error) && !isOfProxy(ctx, error), spreadingMs).catch((error: unknown) => {
      if (!isNotFound(error) || !isOfProxy(ctx, error)) throw error;
      const { proxySecurityGroup, vpc } = ctx.options;
      throw awsError('ERR_AWS_PLATFORM', `The VPC ${vpc} has no security group ${proxySecurityGroup} of the proxy.`, { cause: error });
    });
  }
  if (surplus.length === 0) return;
  const account = await ctx.account();
  const revoke = new RevokeSecurityGroupIngressCommand({ GroupId: group.id, IpPermissions: surplus.map((one) => asGiven(one, account)) });
  await ignoring(/^InvalidPermission\.NotFound$/, ctx.clients.ec2.send(revoke, { abortSignal: ctx.signal }));
}

/** Whether it is the group of the proxy that is missing, which nobody waits for. */
function isOfProxy({ options }: AwsContext, error: unknown): boolean {
  const said = reasonOf(error);
  // So says EC2 of one that is in another VPC.
  return said.includes(options.proxySecurityGroup) || /different networks/i.test(said);
}

async function unlessDuplicate(call: Promise<unknown>): Promise<void> {
  await call.catch((error: unknown) => {
    if (!exists(error)) throw error;
  });
}

async function ignoring(codes: RegExp, call: Promise<unknown>): Promise<void> {
  await call.catch((error: unknown) => {
    if (!codes.test(codeOf(error))) throw error;
  });
}

function compareIngress(
  { options }: AwsContext,
  { ingress }: SecurityGroupState,
  { ports }: WantedSecurityGroup,
): { missing: IpPermission[]; surplus: IpPermission[] } {
  const wanted = [...new Set(ports)].map((port) => permission(port, options.proxySecurityGroup));
  const isThere = (one: IpPermission, all: readonly IpPermission[]): boolean => all.some((other) => key(other) === key(one));
  // EC2 joins the rules of one port, so what is compared is each source by itself.
  const found = ingress.flatMap(single);
  return { missing: wanted.filter((one) => !isThere(one, found)), surplus: found.filter((one) => !isThere(one, wanted)) };
}

function permission(port: number, source: string): IpPermission {
  return { IpProtocol: 'tcp', FromPort: port, ToPort: port, UserIdGroupPairs: [{ GroupId: source }] };
}

/** A rule as it was authorised: EC2 adds to a group of the same account whose it is, which nobody has said. */
function asGiven({ UserIdGroupPairs, ...rule }: IpPermission, account: string): IpPermission {
  const pairs = UserIdGroupPairs?.map(({ UserId, ...pair }) => (UserId === account ? pair : { UserId, ...pair }));
  return pairs === undefined ? rule : { ...rule, UserIdGroupPairs: pairs };
}

/** A rule with several sources as several rules with one. */
function single({ IpProtocol, FromPort, ToPort, UserIdGroupPairs, IpRanges, Ipv6Ranges, PrefixListIds }: IpPermission): IpPermission[] {
  const of = (sources: Partial<IpPermission>): IpPermission => ({ IpProtocol, FromPort, ToPort, ...sources });
  return [
    ...(UserIdGroupPairs ?? []).map(({ GroupId, UserId }) => of({ UserIdGroupPairs: [{ GroupId, UserId }] })),
    ...(IpRanges ?? []).map(({ CidrIp }) => of({ IpRanges: [{ CidrIp }] })),
    ...(Ipv6Ranges ?? []).map(({ CidrIpv6 }) => of({ Ipv6Ranges: [{ CidrIpv6 }] })),
    ...(PrefixListIds ?? []).map(({ PrefixListId }) => of({ PrefixListIds: [{ PrefixListId }] })),
  ];
}

function key({ IpProtocol, FromPort, ToPort, UserIdGroupPairs, IpRanges, Ipv6Ranges, PrefixListIds }: IpPermission): string {
  const source =
    UserIdGroupPairs?.[0]?.GroupId ?? IpRanges?.[0]?.CidrIp ?? Ipv6Ranges?.[0]?.CidrIpv6 ?? PrefixListIds?.[0]?.PrefixListId ?? '';
  return [IpProtocol, FromPort, ToPort, source].join(' ');
}

/**
 * Removes the security group, in whichever VPC it is. EC2 refuses while network interfaces of stopped tasks still use it, so this waits.
 * Gone already is fine.
 *
 * @throws `ERR_AWS_FOREIGN_OWNER` When a group with this name is not this deployment's.
 * @throws `ERR_AWS_UNSETTLED` When something still uses it after `settleTimeoutMs`; the message names what.
 */
export async function removeSecurityGroup(ctx: AwsContext, deploymentId: string): Promise<void> {
  for (const { id, name, tags } of await findGroups(ctx, deploymentId)) {
    demandOwned(`The security group ${name} (${id})`, tags, ctx.tags(deploymentId));
    const remove = new DeleteSecurityGroupCommand({ GroupId: id });
    try {
      await settled(ctx, () => unlessGone(ctx.clients.ec2.send(remove, { abortSignal: ctx.signal })));
    } catch (error) {
      if (codeOf(error) !== 'DependencyViolation') throw error;
      throw awsError('ERR_AWS_UNSETTLED', `The security group ${name} (${id}) is still used by ${await usersOf(ctx, id)}.`, {
        cause: error,
      });
    }
  }
}

async function usersOf(ctx: AwsContext, id: string): Promise<string> {
  const describe = new DescribeNetworkInterfacesCommand({ Filters: [{ Name: 'group-id', Values: [id] }] });
  const { NetworkInterfaces: found = [] } = await ctx.clients.ec2.send(describe, { abortSignal: ctx.signal });
  const names = found.slice(0, 5).map(({ NetworkInterfaceId: eni, Description: about }) => `${eni} (${about ?? ''})`);
  return names.length === 0 ? 'rules of another group' : `network interface ${names.join(', ')}`;
}
