// The images of deployments in the one repository they share: resolved, kept while they run, and given up afterwards.
import { describeWith } from '@runlayer/test-services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { destroy, failureOf, next, serve } from '../../fixtures/drive.ts';
import { emulatorMissing } from '../../fixtures/emulator.ts';
import { intercept, refusal } from '../../fixtures/interception.ts';
import { makeSharedRepository, pushShared } from '../../fixtures/shared-image.ts';
import { testSpec } from '../../fixtures/specs.ts';
import { openStage, type Stage } from '../../fixtures/stage.ts';
import { createAwsProvisioner } from '../aws-provisioner.ts';
import { createAwsRegistry } from '../aws-registry.ts';
import { keepingTag, listImageTags, removeImageTags } from '../resources/image-tags.ts';

describeWith(await emulatorMissing(), 'an image of the shared repository', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
    await makeSharedRepository(stage);
  });
  afterAll(() => stage.close());

  const tagsOf = async (deploymentId: string): Promise<string[]> =>
    (await listImageTags(stage.context, deploymentId)).map(({ tag }) => tag).sort();
  const keepingTagOf = (deploymentId: string, image: string): string => keepingTag(deploymentId, image.split('@')[1] ?? '');

  it.concurrent('is what its tag points at when it is resolved, with its platform [PLAT-4]', async () => {
    const registry = createAwsRegistry(stage.options);
    const { deploymentId } = testSpec(stage.image);
    const reference = `${await registry.repository()}:${deploymentId}`;
    expect(await registry.resolve(reference)).toBeUndefined();
    const image = await pushShared(stage, deploymentId);
    expect(await registry.resolve(reference)).toEqual({ image, platform: 'x86' });
    const later = await pushShared(stage, deploymentId);
    expect(await registry.resolve(reference)).toEqual({ image: later, platform: 'x86' });
    expect(await registry.resolve(image)).toEqual({ image, platform: 'x86' });
    await removeImageTags(stage.context, await tagsOf(deploymentId));
  });

  it.concurrent('has a tag of its deployment while it runs, and loses it to its successor and to destroy [AWS-4]', async () => {
    const provisioner = createAwsProvisioner(stage.options);
    const { deploymentId } = testSpec(stage.image);
    const spec = testSpec(await pushShared(stage, deploymentId), { deploymentId });
    await serve(provisioner, spec);
    expect(await tagsOf(deploymentId)).toEqual([deploymentId, keepingTagOf(deploymentId, spec.image)]);
    const calls = intercept(() => 'pass');
    await serve(createAwsProvisioner({ ...stage.options, requestHandler: calls.requestHandler }), next(spec, {}));
    expect(calls.tries.filter(({ isMutating }) => isMutating)).toEqual([]);
    const image = await pushShared(stage, deploymentId);
    await serve(provisioner, next(spec, { image }));
    expect(await tagsOf(deploymentId)).toEqual([deploymentId, keepingTagOf(deploymentId, image)]);
    expect(await destroy(provisioner, deploymentId)).toEqual([]);
    expect(await tagsOf(deploymentId)).toEqual([]);
  });

  it.concurrent('stays kept beside one that does not start, whose tag goes', async () => {
    const provisioner = createAwsProvisioner(stage.options);
    const { deploymentId } = testSpec(stage.image);
    const spec = testSpec(await pushShared(stage, deploymentId), { deploymentId });
    await serve(provisioner, spec);
    const image = await pushShared(stage, deploymentId);
    await failureOf(provisioner, next(spec, { image, port: 8999 }));
    const kept = await tagsOf(deploymentId);
    expect([kept.includes(keepingTagOf(deploymentId, spec.image)), kept.includes(keepingTagOf(deploymentId, image))]).toEqual([
      true,
      false,
    ]);
    expect((await provisioner.plan(spec)).blocker).toBeUndefined();
    await destroy(provisioner, deploymentId);
  });

  it.concurrent('leaves no tag behind where one apply dies once it is tagged, and the next before it takes that tag away', async () => {
    const { deploymentId } = testSpec(stage.image);
    const dying = (isDead: (operation: string, before: readonly string[]) => boolean): Promise<unknown> => {
      const calls = intercept(({ operation }, before) =>
        isDead(
          operation,
          before.map((one) => one.operation),
        )
          ? { refuse: refusal('Killed', 'The process is gone.') }
          : 'pass',
      );
      return serve(createAwsProvisioner({ ...stage.options, requestHandler: calls.requestHandler, maxAttempts: 1 }), spec);
    };
    let spec = testSpec(await pushShared(stage, deploymentId), { deploymentId });
    const first = keepingTagOf(deploymentId, spec.image);
    await expect(dying((_operation, before) => before.includes('PutImage'))).rejects.toThrow();
    expect(await tagsOf(deploymentId)).toEqual([deploymentId, first]);
    spec = next(spec, { image: await pushShared(stage, deploymentId) });
    const second = keepingTagOf(deploymentId, spec.image);
    await expect(dying((operation) => operation === 'BatchDeleteImage')).rejects.toThrow();
    expect(await tagsOf(deploymentId)).toEqual([deploymentId, first, second].sort());
    await serve(createAwsProvisioner(stage.options), spec);
    expect(await tagsOf(deploymentId)).toEqual([deploymentId, second]);
    expect(await destroy(createAwsProvisioner(stage.options), deploymentId)).toEqual([]);
  });

  it.concurrent('that was only pushed is listed, and is removed by destroy', async () => {
    const provisioner = createAwsProvisioner(stage.options);
    const { deploymentId } = testSpec(stage.image);
    await pushShared(stage, deploymentId);
    const calls = intercept((seen) => (seen.operation === 'BatchDeleteImage' && seen.attempt === 1 ? 'lost' : 'pass'));
    expect(await destroy(createAwsProvisioner({ ...stage.options, requestHandler: calls.requestHandler }), deploymentId)).toEqual([]);
    expect(await destroy(provisioner, deploymentId)).toEqual([]);
  });

  it.concurrent('that is gone is told of before anything is made', async () => {
    const { deploymentId } = testSpec(stage.image);
    const image = await pushShared(stage, deploymentId);
    await removeImageTags(stage.context, await tagsOf(deploymentId));
    const calls = intercept(() => 'pass');
    const provisioner = createAwsProvisioner({ ...stage.options, requestHandler: calls.requestHandler });
    expect((await failureOf(provisioner, testSpec(image, { deploymentId }))).code).toBe('image_missing');
    expect(calls.tries.filter(({ isMutating }) => isMutating)).toEqual([]);
  });

  it.concurrent('of another registry is deployed after a look, or with a word where no look is possible [PLAT-4]', async () => {
    const elsewhere = { ...stage.options, registryHost: undefined };
    const spec = testSpec(stage.image);
    const open = createAwsProvisioner({ ...elsewhere, allowPrivateRegistries: true });
    expect((await open.plan(spec)).blocker).toBeUndefined();
    expect((await open.plan({ ...spec, platform: 'arm' })).blocker).toMatchObject({ code: 'wrong_architecture' });
    const absent = spec.image.replace(/[0-9a-f]{64}$/, '0'.repeat(64));
    expect((await open.plan({ ...spec, image: absent })).blocker).toMatchObject({ code: 'image_missing' });
    const closed = createAwsProvisioner(elsewhere);
    const messages: string[] = [];
    for await (const event of closed.apply(spec)) if (event.type === 'step' && event.step === 'image') messages.push(event.message);
    expect(messages).toEqual([expect.stringContaining('is at an address that is not public')]);
    expect(await destroy(closed, spec.deploymentId)).toEqual([]);
  });
});
