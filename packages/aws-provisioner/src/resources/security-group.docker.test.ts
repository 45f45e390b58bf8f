// Security groups on moto, which refuses the same rule twice as EC2 does: the proxy gets in, and nobody else.
import { randomUUID } from 'node:crypto';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  type IpPermission,
} from '@aws-sdk/client-ec2';
import { describeWith } from '@runlayer/test-services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Emulator, emulatorMissing, startMoto } from '../../fixtures/emulator.ts';
import { type Fate, intercept, refusal } from '../../fixtures/interception.ts';
import { contextOf, credentials, platformOptions } from '../../fixtures/platform.ts';
import type { AwsContext } from '../calls/context.ts';
import type { AwsProvisionerOptions } from '../options.ts';
import { ensureSecurityGroup, readSecurityGroup, removeSecurityGroup, securityGroupChanges } from './security-group.ts';

describeWith(await emulatorMissing(), 'the security group of a deployment', () => {
  let emulator: Emulator;
  let options: AwsProvisionerOptions;
  let ctx: AwsContext;
  let ec2: EC2Client;
  beforeAll(async () => {
    emulator = await startMoto();
    options = await platformOptions(emulator);
    ctx = contextOf(options);
    ec2 = new EC2Client({ region: 'us-east-1', endpoint: emulator.endpoint, credentials });
  });
  afterAll(() => emulator.stop());

  /** What the group lets in: port and source of every rule. */
  const doors = async (deploymentId: string): Promise<string[]> => {
    const byName = new DescribeSecurityGroupsCommand({
      Filters: [{ Name: 'group-name', Values: [ctx.names(deploymentId).securityGroup] }],
    });
    const { SecurityGroups: [group] = [] } = await ec2.send(byName);
    const sourcesOf = ({ UserIdGroupPairs = [], IpRanges = [] }: IpPermission): (string | undefined)[] => [
      ...UserIdGroupPairs.map(({ GroupId }) => (GroupId === options.proxySecurityGroup ? 'proxy' : GroupId)),
      ...IpRanges.map(({ CidrIp }) => CidrIp),
    ];
    const rules = (group?.IpPermissions ?? []).flatMap((rule) =>
      sourcesOf(rule).map((source) => `${rule.IpProtocol} ${rule.FromPort} ${source}`),
    );
    return rules.sort();
  };

  const disturbed = (operation: string, fates: readonly Fate[]): AwsContext => {
    const calls = intercept((seen, before) => {
      if (seen.operation !== operation) return 'pass';
      return fates[before.filter((one) => one.operation === operation).length] ?? 'pass';
    });
    return contextOf({ ...options, requestHandler: calls.requestHandler, settleTimeoutMs: 2000 });
  };

  it('lets the proxy in on the port of the service, on both during a change of it, and nobody else [AWS-4]', async () => {
    const deploymentId = randomUUID();
    const { id } = await ensureSecurityGroup(ctx, { deploymentId, ports: [8000] });
    expect(await doors(deploymentId)).toEqual(['tcp 8000 proxy']);
    const stranger: IpPermission = { IpProtocol: 'tcp', FromPort: 8000, ToPort: 8000, IpRanges: [{ CidrIp: '10.0.0.0/8' }] };
    await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: id, IpPermissions: [stranger] }));
    expect(securityGroupChanges(ctx, await readSecurityGroup(ctx, deploymentId), { deploymentId, ports: [8000] })).toEqual(['ingress']);
    await ensureSecurityGroup(ctx, { deploymentId, ports: [9000, 8000] });
    expect(await doors(deploymentId)).toEqual(['tcp 8000 proxy', 'tcp 9000 proxy']);
    await ensureSecurityGroup(ctx, { deploymentId, ports: [9000] });
    expect(await doors(deploymentId)).toEqual(['tcp 9000 proxy']);
  });

  it('is not touched when it is right, and is gone after its removal, which is safe to repeat', async () => {
    const wanted = { deploymentId: randomUUID(), ports: [8000] };
    await ensureSecurityGroup(ctx, wanted);
    const calls = intercept(() => 'pass');
    await ensureSecurityGroup(contextOf({ ...options, requestHandler: calls.requestHandler }), wanted);
    expect(calls.tries.filter(({ isMutating }) => isMutating)).toEqual([]);
    await removeSecurityGroup(ctx, wanted.deploymentId);
    await removeSecurityGroup(ctx, wanted.deploymentId);
    expect(await readSecurityGroup(ctx, wanted.deploymentId)).toBeUndefined();
  });

  it('of somebody else is neither changed nor removed', async () => {
    const deploymentId = randomUUID();
    const { securityGroup: GroupName } = ctx.names(deploymentId);
    await ec2.send(new CreateSecurityGroupCommand({ GroupName, Description: 'Mine.', VpcId: options.vpc }));
    await expect(ensureSecurityGroup(ctx, { deploymentId, ports: [8000] })).rejects.toMatchObject({ code: 'ERR_AWS_FOREIGN_OWNER' });
    await expect(removeSecurityGroup(ctx, deploymentId)).rejects.toThrow(GroupName);
    expect(await doors(deploymentId)).toEqual([]);
  });

  const unknown = refusal('InvalidGroup.NotFound', "The security group 'sg-1' does not exist");
  it.each<[string, string, Fate[]]>([
    ['the lost answer to its creation', 'CreateSecurityGroup', ['lost']],
    ['the lost answer to a rule', 'AuthorizeSecurityGroupIngress', ['lost']],
    ['that EC2 does not know yet what it has made', 'AuthorizeSecurityGroupIngress', [{ refuse: unknown }, { refuse: unknown }]],
  ])('outlasts %s', async (_name, operation, fates) => {
    const wanted = { deploymentId: randomUUID(), ports: [8000] };
    await ensureSecurityGroup(disturbed(operation, fates), wanted);
    expect(await doors(wanted.deploymentId)).toEqual(['tcp 8000 proxy']);
  });

  const used = refusal('DependencyViolation', 'resource sg-1 has a dependent object');
  it('is removed once no network interface uses it any more', async () => {
    const deploymentId = randomUUID();
    await ensureSecurityGroup(ctx, { deploymentId, ports: [8000] });
    await removeSecurityGroup(disturbed('DeleteSecurityGroup', [{ refuse: used }, { refuse: used }, 'lost']), deploymentId);
    expect(await readSecurityGroup(ctx, deploymentId)).toBeUndefined();
  });

  it('that stays in use ends its removal with an error, in bounded time', async () => {
    const deploymentId = randomUUID();
    const { id } = await ensureSecurityGroup(ctx, { deploymentId, ports: [8000] });
    const stuck = disturbed(
      'DeleteSecurityGroup',
      Array.from({ length: 100 }, () => ({ refuse: used })),
    );
    await expect(removeSecurityGroup(stuck, deploymentId)).rejects.toMatchObject({
      code: 'ERR_AWS_UNSETTLED',
      message: expect.stringContaining(id) as string,
    });
  });
});
