// Tables on an emulator: made with all that is promised, corrected, waited for, and gone only when they are removed.
import { randomUUID } from 'node:crypto';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { describeWith } from '@runlayer/test-services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Emulator, emulatorMissing, startMinistack } from '../../fixtures/emulator.ts';
import { type Fate, intercept, refusal } from '../../fixtures/interception.ts';
import { contextOf, credentials, platformOptions } from '../../fixtures/platform.ts';
import type { AwsContext } from '../calls/context.ts';
import type { AwsProvisionerOptions } from '../options.ts';
import { ensureTable, readTable, readTableDetails, removeTable, tableArn, tableChanges } from './table.ts';

describeWith(await emulatorMissing(), 'the table of a deployment', () => {
  let emulator: Emulator;
  let options: AwsProvisionerOptions;
  let ctx: AwsContext;
  let dynamodb: DynamoDBClient;
  beforeAll(async () => {
    emulator = await startMinistack();
    options = await platformOptions(emulator);
    ctx = contextOf(options);
    dynamodb = new DynamoDBClient({ region: 'us-east-1', endpoint: emulator.endpoint, credentials });
  });
  afterAll(() => emulator.stop());

  const nameOf = (deploymentId: string): { TableName: string } => ({ TableName: ctx.names(deploymentId).table });

  /** A context whose first tries of one call have another fate. */
  const disturbed = (operation: string, fates: readonly Fate[]): AwsContext => {
    const calls = intercept((seen, before) => {
      if (seen.operation !== operation) return 'pass';
      return fates[before.filter((one) => one.operation === operation).length] ?? 'pass';
    });
    return contextOf({ ...options, requestHandler: calls.requestHandler });
  };

  it('has its keys, on-demand billing, encryption, backups, expiry and protection [CFG-6]', async () => {
    const deploymentId = randomUUID();
    const made = await ensureTable(ctx, deploymentId);
    const { Table: table } = await dynamodb.send(new DescribeTableCommand(nameOf(deploymentId)));
    expect(table).toMatchObject({
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      SSEDescription: { Status: 'ENABLED' },
      DeletionProtectionEnabled: true,
    });
    const ttl = await dynamodb.send(new DescribeTimeToLiveCommand(nameOf(deploymentId)));
    expect(ttl.TimeToLiveDescription).toMatchObject({ AttributeName: 'ttl', TimeToLiveStatus: 'ENABLED' });
    const backups = await dynamodb.send(new DescribeContinuousBackupsCommand(nameOf(deploymentId)));
    expect(backups.ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus).toBe('ENABLED');
    expect(made.arn).toBe(await tableArn(ctx, deploymentId));
  });

  it('keeps its items when it is ensured again, which changes nothing [CFG-6]', async () => {
    const deploymentId = randomUUID();
    await ensureTable(ctx, deploymentId);
    await dynamodb.send(new PutItemCommand({ ...nameOf(deploymentId), Item: { pk: { S: 'a' }, sk: { S: 'b' } } }));
    const calls = intercept(() => 'pass');
    await ensureTable(contextOf({ ...options, requestHandler: calls.requestHandler }), deploymentId);
    expect(calls.tries.filter(({ isMutating }) => isMutating)).toEqual([]);
    expect((await dynamodb.send(new ScanCommand(nameOf(deploymentId)))).Count).toBe(1);
  });

  it('gets the protection back that an interrupted removal had lifted', async () => {
    const deploymentId = randomUUID();
    await ensureTable(ctx, deploymentId);
    await dynamodb.send(new UpdateTableCommand({ ...nameOf(deploymentId), DeletionProtectionEnabled: false }));
    expect(tableChanges(ctx, await readTableDetails(ctx, deploymentId), deploymentId)).toEqual(['protection']);
    await ensureTable(ctx, deploymentId);
    await expect(dynamodb.send(new DeleteTableCommand(nameOf(deploymentId)))).rejects.toThrow(/protect/i);
  });

  it('goes away only by its removal, which is safe to repeat [AWS-4]', async () => {
    const deploymentId = randomUUID();
    await ensureTable(ctx, deploymentId);
    await removeTable(ctx, deploymentId);
    await removeTable(ctx, deploymentId);
    expect(await readTable(ctx, deploymentId)).toBeUndefined();
  });

  it('of somebody else is neither changed nor removed', async () => {
    const deploymentId = randomUUID();
    await dynamodb.send(
      new CreateTableCommand({
        ...nameOf(deploymentId),
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
    await expect(ensureTable(ctx, deploymentId)).rejects.toMatchObject({ code: 'ERR_AWS_FOREIGN_OWNER' });
    await expect(removeTable(ctx, deploymentId)).rejects.toMatchObject({ code: 'ERR_AWS_FOREIGN_OWNER' });
    expect((await readTableDetails(ctx, deploymentId))?.hasTtl).toBe(false);
  });

  const deleting = refusal('ResourceInUseException', 'Attempt to change a resource which is still in use: Table is being deleted: t');
  const busy = refusal('ResourceInUseException', 'Attempt to change a resource which is still in use: Table is being updated: t');
  const crowded = refusal(
    'LimitExceededException',
    'Subscriber limit exceeded: Only 500 tables can be created, updated, or deleted simultaneously',
  );
  const unavailable = refusal('ContinuousBackupsUnavailableException', 'Backups are being enabled for the table: t. Please retry later');
  const repeated = refusal('ValidationException', 'TimeToLive is already enabled');
  it.each<[string, string, Fate[]]>([
    ['the lost answer to its creation', 'CreateTable', ['lost']],
    ['a former table that is still being deleted', 'CreateTable', [{ refuse: deleting }, { refuse: deleting }]],
    ['too many tables at a time', 'CreateTable', [{ refuse: crowded }, { refuse: crowded }]],
    ['backups that cannot be had yet', 'UpdateContinuousBackups', [{ refuse: unavailable }, { refuse: unavailable }]],
    ['a change that is under way', 'UpdateTimeToLive', [{ refuse: busy }]],
    ['the lost answer to its expiry', 'UpdateTimeToLive', ['lost', { refuse: repeated }]],
  ])('outlasts %s', async (_name, operation, fates) => {
    const deploymentId = randomUUID();
    await ensureTable(disturbed(operation, fates), deploymentId);
    expect(tableChanges(ctx, await readTableDetails(ctx, deploymentId), deploymentId)).toEqual([]);
  });

  const stillProtected = refusal(
    'ValidationException',
    'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
  );
  it.each<[string, string, Fate[]]>([
    ['a protection that is not lifted everywhere yet', 'DeleteTable', [{ refuse: stillProtected }, { refuse: busy }]],
    ['the lost answer to its deletion', 'DeleteTable', ['lost']],
    ['a change that is under way', 'UpdateTable', [{ refuse: busy }, 'lost']],
  ])('is removed in spite of %s', async (_name, operation, fates) => {
    const deploymentId = randomUUID();
    await ensureTable(ctx, deploymentId);
    await removeTable(disturbed(operation, fates), deploymentId);
    expect(await readTable(ctx, deploymentId)).toBeUndefined();
  });
});
