// Log groups on an emulator: kept for the set time, taken up again, and removed only when asked to.
import { randomUUID } from 'node:crypto';
import { CloudWatchLogsClient, CreateLogGroupCommand, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { describeWith } from '@runlayer/test-services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Emulator, emulatorMissing, startMinistack } from '../../fixtures/emulator.ts';
import { type Fate, intercept, refusal } from '../../fixtures/interception.ts';
import { contextOf, credentials, platformOptions } from '../../fixtures/platform.ts';
import type { AwsContext } from '../calls/context.ts';
import type { AwsProvisionerOptions } from '../options.ts';
import { ensureLogGroup, logGroupChanges, readLogGroup, removeLogGroup } from './log-group.ts';

describeWith(await emulatorMissing(), 'the log group of a deployment', () => {
  let emulator: Emulator;
  let options: AwsProvisionerOptions;
  let ctx: AwsContext;
  let logs: CloudWatchLogsClient;
  beforeAll(async () => {
    emulator = await startMinistack();
    options = await platformOptions(emulator);
    ctx = contextOf(options);
    logs = new CloudWatchLogsClient({ region: 'us-east-1', endpoint: emulator.endpoint, credentials });
  });
  afterAll(() => emulator.stop());

  const retentionOf = async (deploymentId: string): Promise<number | undefined> => {
    const describe = new DescribeLogGroupsCommand({ logGroupNamePrefix: ctx.names(deploymentId).logGroup });
    return (await logs.send(describe)).logGroups?.[0]?.retentionInDays;
  };

  it('is kept for the time that is set, follows a change of it, and is else left alone [AWS-4]', async () => {
    const deploymentId = randomUUID();
    await ensureLogGroup(ctx, deploymentId);
    expect(await retentionOf(deploymentId)).toBe(30);
    const longer = contextOf({ ...options, logRetentionDays: 90 });
    expect(logGroupChanges(longer, await readLogGroup(ctx, deploymentId), deploymentId)).toEqual(['retention']);
    await ensureLogGroup(longer, deploymentId);
    expect(await retentionOf(deploymentId)).toBe(90);
    const calls = intercept(() => 'pass');
    await ensureLogGroup(contextOf({ ...options, logRetentionDays: 90, requestHandler: calls.requestHandler }), deploymentId);
    expect(calls.tries.filter(({ isMutating }) => isMutating)).toEqual([]);
  });

  it('is gone after its removal, which is safe to repeat', async () => {
    const deploymentId = randomUUID();
    await ensureLogGroup(ctx, deploymentId);
    await removeLogGroup(ctx, deploymentId);
    await removeLogGroup(ctx, deploymentId);
    expect(await readLogGroup(ctx, deploymentId)).toBeUndefined();
  });

  it('of somebody else is neither changed nor removed', async () => {
    const deploymentId = randomUUID();
    const { logGroup: logGroupName } = ctx.names(deploymentId);
    await logs.send(new CreateLogGroupCommand({ logGroupName }));
    await expect(ensureLogGroup(ctx, deploymentId)).rejects.toMatchObject({ code: 'ERR_AWS_FOREIGN_OWNER' });
    await expect(removeLogGroup(ctx, deploymentId)).rejects.toThrow(logGroupName);
    expect(await retentionOf(deploymentId)).toBeUndefined();
  });

  const aborted = refusal(
    'OperationAbortedException',
    'A conflicting operation is currently in progress against this resource. Please try again.',
  );
  const unknown = refusal('ResourceNotFoundException', 'The specified log group does not exist.');
  it.each<[string, string, Fate[]]>([
    ['the lost answer to its creation', 'CreateLogGroup', ['lost']],
    ['a conflicting operation', 'CreateLogGroup', [{ refuse: aborted }, { refuse: aborted }]],
    ['that CloudWatch does not know yet what it has made', 'PutRetentionPolicy', [{ refuse: unknown }, { refuse: unknown }]],
  ])('outlasts %s', async (_name, operation, fates) => {
    const deploymentId = randomUUID();
    const calls = intercept((seen, before) => {
      if (seen.operation !== operation) return 'pass';
      return fates[before.filter((one) => one.operation === operation).length] ?? 'pass';
    });
    await ensureLogGroup(contextOf({ ...options, requestHandler: calls.requestHandler }), deploymentId);
    expect(await retentionOf(deploymentId)).toBe(30);
  });
});
