// The image repository on an emulator: made once whatever answer is lost, refused when it is another's, and gone with its images.
import { randomUUID } from 'node:crypto';
import { CreateRepositoryCommand, PutImageCommand } from '@aws-sdk/client-ecr';
import { describeWith } from '@runlayer/test-services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Emulator, emulatorMissing, startMinistack } from '../../fixtures/emulator.ts';
import { intercept } from '../../fixtures/interception.ts';
import { contextOf, platformOptions } from '../../fixtures/platform.ts';
import type { AwsContext } from '../context.ts';
import type { AwsProvisionerOptions } from '../options.ts';
import { ensureRepository, pushCredentials, readRepository, removeRepository } from './image-repository.ts';

describeWith(await emulatorMissing(), 'the image repository of a deployment', () => {
  let emulator: Emulator;
  let options: AwsProvisionerOptions;
  let ctx: AwsContext;
  beforeAll(async () => {
    emulator = await startMinistack();
    options = await platformOptions(emulator);
    ctx = contextOf(options);
  });
  afterAll(() => emulator.stop());

  it.each([
    ['the host that is set', 'registry.example:5000', 'registry.example:5000/'],
    ['the host of the account', undefined, '000000000000.dkr.ecr.us-east-1.amazonaws.com/'],
  ])('is named with %s', async (_name, registryHost, start) => {
    const deploymentId = randomUUID();
    const name = await ensureRepository(contextOf({ ...options, registryHost }), deploymentId);
    expect(name).toBe(`${start}${ctx.names(deploymentId).repository}`);
  });

  it('is made once although the answer to its creation was lost', async () => {
    const deploymentId = randomUUID();
    const calls = intercept((seen, before) =>
      seen.operation === 'CreateRepository' && !before.some(({ operation }) => operation === 'CreateRepository') ? 'lost' : 'pass',
    );
    const name = await ensureRepository(contextOf({ ...options, requestHandler: calls.requestHandler }), deploymentId);
    expect(name).toBe(`${emulator.registryHost}/${ctx.names(deploymentId).repository}`);
    expect(await ensureRepository(ctx, deploymentId)).toBe(name);
  });

  it('of somebody else is neither taken nor removed', async () => {
    const deploymentId = randomUUID();
    await ctx.clients.ecr.send(new CreateRepositoryCommand({ repositoryName: ctx.names(deploymentId).repository }));
    await expect(ensureRepository(ctx, deploymentId)).rejects.toMatchObject({ code: 'ERR_AWS_FOREIGN_OWNER' });
    await expect(removeRepository(ctx, deploymentId)).rejects.toMatchObject({ code: 'ERR_AWS_FOREIGN_OWNER' });
  });

  it('is gone with its images after its removal, which is safe to repeat', async () => {
    const deploymentId = randomUUID();
    await ensureRepository(ctx, deploymentId);
    const { repository: repositoryName } = ctx.names(deploymentId);
    await ctx.clients.ecr.send(new PutImageCommand({ repositoryName, imageManifest: '{"schemaVersion":2}', imageTag: 'one' }));
    await removeRepository(ctx, deploymentId);
    await removeRepository(ctx, deploymentId);
    expect(await readRepository(ctx, deploymentId)).toBeUndefined();
  });

  it('is pushed to with credentials that say when they end', async () => {
    const { username, password, expiresAt } = await pushCredentials(ctx);
    expect([username, password.length > 0]).toEqual(['AWS', true]);
    expect(expiresAt?.getTime()).toBeGreaterThan(Date.now() + 3_600_000);
  });
});
