// The shared repository on an emulator: told with the host that is set, missed with a way out, and pushed to with the rights of one role.
import { CreateRepositoryCommand } from '@aws-sdk/client-ecr';
import { describeWith } from '@runlayer/test-services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Emulator, emulatorMissing, startMinistack } from '../../fixtures/emulator.ts';
import { intercept } from '../../fixtures/interception.ts';
import { contextOf, platformOptions } from '../../fixtures/platform.ts';
import { createAwsRegistry } from '../aws-registry.ts';
import type { AwsProvisionerOptions } from '../options.ts';

describeWith(await emulatorMissing(), 'the repository that deployments share', () => {
  let emulator: Emulator;
  let options: AwsProvisionerOptions;
  beforeAll(async () => {
    emulator = await startMinistack();
    options = await platformOptions(emulator);
    await contextOf(options).clients.ecr.send(new CreateRepositoryCommand({ repositoryName: 'runlayer/default' }));
  });
  afterAll(() => emulator.stop());

  it.each([
    ['the host that is set', 'registry.example:5000', 'registry.example:5000/runlayer/default'],
    ['the host of the account', undefined, '000000000000.dkr.ecr.us-east-1.amazonaws.com/runlayer/default'],
  ])('is named with %s', async (_name, registryHost, name) => {
    expect(await createAwsRegistry({ ...options, registryHost }).repository()).toBe(name);
  });

  it('that is missing is told of with the command that makes it', async () => {
    await expect(createAwsRegistry({ ...options, environment: 'other' }).repository()).rejects.toMatchObject({
      code: 'ERR_AWS_PLATFORM',
      message: expect.stringContaining('runlayer/other'),
      hint: expect.stringContaining('runlayer-server aws bootstrap'),
    });
  });

  it('is pushed to with the credentials of the role that is set, had once for everybody and again before they end', async () => {
    let now = Date.now();
    const calls = intercept(() => 'pass');
    const pushRole = 'arn:aws:iam::000000000000:role/runlayer/default/runlayer-default-push';
    const registry = createAwsRegistry({ ...options, pushRole, requestHandler: calls.requestHandler, clock: () => new Date(now) });
    const count = (operation: string): number => calls.tries.filter((seen) => seen.operation === operation).length;
    const [first] = await Promise.all([registry.credentials(), registry.credentials()]);
    expect(first).toMatchObject({ username: 'AWS', password: expect.stringMatching(/./) });
    const ends = (first?.expiresAt?.getTime() ?? 0) - now;
    expect(ends).toBeGreaterThan(3_500_000);
    expect(ends).toBeLessThan(3_700_000);
    now += ends - 1_000_000;
    await registry.credentials();
    expect([count('AssumeRole'), count('GetAuthorizationToken')]).toEqual([1, 1]);
    now += 200_000;
    await registry.credentials();
    expect([count('AssumeRole'), count('GetAuthorizationToken')]).toEqual([2, 2]);
    const assumed = calls.tries.find(({ operation }) => operation === 'AssumeRole');
    expect(new URLSearchParams(assumed?.body).get('RoleArn')).toBe(pushRole);
  });

  it("is pushed to with the platform's own credentials where no role is set", async () => {
    const calls = intercept(() => 'pass');
    const { expiresAt } = await createAwsRegistry({ ...options, requestHandler: calls.requestHandler }).credentials();
    expect(expiresAt?.getTime()).toBeGreaterThan(Date.now() + 36_000_000);
    expect(calls.tries.map(({ operation }) => operation)).toEqual(['GetAuthorizationToken']);
  });
});
