// Reading a log stream in pages as CloudWatch gives them, on an emulator.
import { randomUUID } from 'node:crypto';
import { CreateLogGroupCommand, CreateLogStreamCommand, PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { describeWith } from '@runlayer/test-services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Emulator, emulatorMissing, startMinistack } from '../../fixtures/emulator.ts';
import { intercept } from '../../fixtures/interception.ts';
import { contextOf, platformOptions } from '../../fixtures/platform.ts';
import { readTail } from './log-streams.ts';
import type { AwsProvisionerOptions } from '../options.ts';

describeWith(await emulatorMissing(), 'a log stream', () => {
  let emulator: Emulator;
  let options: AwsProvisionerOptions;
  beforeAll(async () => {
    emulator = await startMinistack();
    options = await platformOptions(emulator);
  });
  afterAll(() => emulator.stop());

  const written = async (lines: readonly string[]): Promise<string> => {
    const { clients, names } = contextOf(options);
    const deploymentId = randomUUID();
    const stream = { logGroupName: names(deploymentId).logGroup, logStreamName: 'one' };
    await clients.logs.send(new CreateLogGroupCommand({ logGroupName: stream.logGroupName }));
    await clients.logs.send(new CreateLogStreamCommand(stream));
    const timestamp = Date.now();
    const logEvents = lines.map((message) => ({ message, timestamp }));
    if (lines.length > 0) await clients.logs.send(new PutLogEventsCommand({ ...stream, logEvents }));
    return deploymentId;
  };

  it('is read on where a page is empty and others follow [PLAT-2]', async () => {
    const deploymentId = await written(['one', 'two']);
    const calls = intercept((_seen, before) => {
      const number = before.length;
      if (number > 2) return 'pass';
      return {
        send: (body) => JSON.stringify({ ...(JSON.parse(body) as object), nextToken: undefined }),
        rewrite: (answer) =>
          number === 2 ? answer : JSON.stringify({ events: [], nextForwardToken: 'forward', nextBackwardToken: `before-${number}` }),
      };
    });
    const context = contextOf({ ...options, requestHandler: calls.requestHandler });
    const { lines } = await readTail(context, deploymentId, 'one', 20);
    expect(lines.map(({ line }) => line)).toEqual(['one', 'two']);
  });

  it('without a line is read within two calls', async () => {
    const deploymentId = await written([]);
    const calls = intercept(() => 'pass');
    const context = contextOf({ ...options, requestHandler: calls.requestHandler });
    expect((await readTail(context, deploymentId, 'one', 20)).lines).toEqual([]);
    expect(calls.tries.length).toBeLessThanOrEqual(2);
  });
});
