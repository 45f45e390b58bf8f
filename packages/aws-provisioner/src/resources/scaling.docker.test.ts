// Scaling on moto, as the emulator that runs containers does not know it.
import { describeWith } from '@runlayer/test-services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Emulator, emulatorMissing, startMoto } from '../../fixtures/emulator.ts';
import { intercept } from '../../fixtures/interception.ts';
import { contextOf, platformOptions } from '../../fixtures/platform.ts';
import { testSpec } from '../../fixtures/specs.ts';
import { wireRefusal } from '../../fixtures/wire-answers.ts';
import type { AwsProvisionerOptions } from '../options.ts';
import { createService } from './service.ts';
import { RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { ensureScaling, readScaling, removeScaling, wantedCount } from './scaling.ts';

describeWith(await emulatorMissing(), 'scaling [CFG-9]', () => {
  let moto: Emulator;
  let options: AwsProvisionerOptions;
  beforeAll(async () => {
    moto = await startMoto();
    options = { ...(await platformOptions(moto)), scaling: true };
  });
  afterAll(() => moto.stop());

  const runService = async (deploymentId: string): Promise<void> => {
    const context = contextOf(options);
    const { family } = context.names(deploymentId);
    const containerDefinitions = [{ name: 'service', image: 'x', memory: 128 }];
    const { taskDefinition } = await context.clients.ecs.send(new RegisterTaskDefinitionCommand({ family, containerDefinitions }));
    const { taskDefinitionArn = '' } = taskDefinition ?? {};
    const securityGroup = options.proxySecurityGroup;
    await createService(context, { deploymentId, taskDefinition: taskDefinitionArn, securityGroup, desiredCount: 2 });
  };

  it('is registered with its policies, corrected, found right without a change, and removed', async () => {
    const calls = intercept(() => 'pass');
    const context = contextOf({ ...options, requestHandler: calls.requestHandler });
    const spec = testSpec('x', { scaling: { minReplicas: 2, maxReplicas: 5, targetCpuPercent: 60, targetNetworkMibPerSecond: 3 } });
    await runService(spec.deploymentId);

    await ensureScaling(context, spec);
    const made = await readScaling(context, spec.deploymentId);
    expect(made?.target).toMatchObject({ MinCapacity: 2, MaxCapacity: 5 });
    expect(made?.policies.map(({ PolicyName }) => PolicyName).sort()).toEqual(['cpu', 'network']);

    const before = calls.tries.length;
    await ensureScaling(context, spec);
    expect(calls.tries.slice(before).filter(({ isMutating }) => isMutating)).toEqual([]);

    await ensureScaling(context, { ...spec, scaling: { minReplicas: 1, maxReplicas: 3, targetCpuPercent: 70 } });
    const corrected = await readScaling(context, spec.deploymentId);
    expect(corrected?.target).toMatchObject({ MinCapacity: 1, MaxCapacity: 3 });
    expect(corrected?.policies.map(({ PolicyName }) => PolicyName)).toEqual(['cpu']);

    await ensureScaling(context, { ...spec, scaling: undefined });
    expect(await readScaling(context, spec.deploymentId)).toBeUndefined();
    await removeScaling(context, spec.deploymentId);
  });

  it('sends tags with the first registration only, as AWS takes them for no target that is there', async () => {
    const registrations: boolean[] = [];
    const calls = intercept((seen) => {
      if (seen.operation !== 'RegisterScalableTarget') return 'pass';
      const isTagged = seen.body.includes('"Tags"');
      registrations.push(isTagged);
      if (registrations.length === 1) return 'lost';
      return isTagged
        ? { answer: wireRefusal(seen, 'ValidationException', 'The scalable target that you tried to tag already exists.') }
        : 'pass';
    });
    const context = contextOf({ ...options, requestHandler: calls.requestHandler });
    const spec = testSpec('x', { scaling: { minReplicas: 1, maxReplicas: 2 } });
    await runService(spec.deploymentId);

    await ensureScaling(context, spec);
    expect(registrations).toEqual([true, true, false]);
    await ensureScaling(context, { ...spec, scaling: { minReplicas: 1, maxReplicas: 4 } });
    expect(registrations).toEqual([true, true, false, false]);
    expect((await readScaling(context, spec.deploymentId))?.target).toMatchObject({ MinCapacity: 1, MaxCapacity: 4 });
  });

  it.each([
    [undefined, undefined, 1],
    [{ minReplicas: 2, maxReplicas: 4 }, undefined, 2],
    [{ minReplicas: 2, maxReplicas: 4 }, 3, 3],
    [{ minReplicas: 2, maxReplicas: 4 }, 9, 4],
    [{ minReplicas: 2, maxReplicas: 4 }, 1, 2],
  ])('of %j with %s tasks asks for %i', (scaling, desiredCount, wanted) => {
    const service = desiredCount === undefined ? undefined : { desiredCount };
    expect(wantedCount(contextOf(options), testSpec('x', { scaling }), service)).toBe(wanted);
  });
});
