// Scaling of a deployment that runs, seen through boto3. The emulator that runs containers knows no Application Auto Scaling:
// these calls go to the other one, which is given a service of the same name to scale.
import type { WorkloadSpec } from '@runlayer/provisioner';
import { describeWith } from '@runlayer/test-services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { applyAll, destroy, next, serve } from '../../fixtures/drive.ts';
import { type Emulator, emulatorMissing, startMoto } from '../../fixtures/emulator.ts';
import { intercept } from '../../fixtures/interception.ts';
import { testSpec } from '../../fixtures/specs.ts';
import { active, alive, type Snapshot } from '../../observer/snapshot.ts';
import { doneBefore, openTheatre, sentTo, servedAt, type Theatre } from '../../observer/theatre.ts';

describeWith(await emulatorMissing(), 'a deployment on AWS that scales', () => {
  let moto: Emulator;
  let theatre: Theatre;
  beforeAll(async () => {
    moto = await startMoto();
    theatre = await openTheatre({ places: { 'application-autoscaling': moto.endpoint } });
  });
  afterAll(async () => {
    await theatre.close();
    await moto.stop();
  });

  it.concurrent('runs as many tasks as it must, is registered with its bounds and targets, and keeps the number that scaling found [CFG-9, AWS-1, AWS-4]', async () => {
    const scaling = { minReplicas: 2, maxReplicas: 4, targetCpuPercent: 60, targetNetworkMibPerSecond: 3 };
    const spec = testSpec(theatre.stage.image, { scaling, secrets: { TOKEN: 'a-user-value' } });
    const { provisioner, changes } = scaled(spec);
    const last = (await applyAll(provisioner, spec)).at(-1);
    expect(last).toMatchObject({ type: 'serving', endpoints: [{ port: 8000 }, { port: 8000 }] });
    const two = await theatre.observer.snapshot(spec.deploymentId);
    expect(two.services[0]).toMatchObject({ desiredCount: 2, runningCount: 2 });
    const hosts = last?.type === 'serving' ? last.endpoints.map(({ host }) => host) : [];
    expect(new Set(alive(two).map(({ address }) => address))).toEqual(new Set(hosts));
    for (const host of hosts) expect(await servedAt(host)).toMatchObject({ TOKEN: 'a-user-value' });
    expect(two.scaling).toMatchObject([{ min: 2, max: 4, policies: { cpu: 60, network: 3 * 1024 * 1024 } }]);

    // As Application Auto Scaling does.
    const { serviceName: service } = two.services[0]!;
    await theatre.observer.call({ service: 'ecs', call: 'update_service', with: { cluster: 'runlayer', service, desiredCount: 4 } });
    const four = await theatre.seenWhen(spec.deploymentId, 'four tasks run', (seen) => running(seen) === 4);
    changes();
    await serve(provisioner, next(spec, {}));
    expect(changes()).toEqual([]);
    await serve(provisioner, next(spec, { scaling: { minReplicas: 1, maxReplicas: 3, targetCpuPercent: 70 } }));
    const three = await theatre.seenWhen(spec.deploymentId, 'three tasks run', (seen) => alive(seen).length === 3);
    expect(three.services[0]).toMatchObject({ desiredCount: 3 });
    expect(three.scaling).toMatchObject([{ min: 1, max: 3, policies: { cpu: 70 } }]);
    expect([three.roles, three.secrets, active(three).length]).toEqual([four.roles, four.secrets, 1]);
    expect(await destroy(provisioner, spec.deploymentId)).toEqual([]);
    const gone = await theatre.observer.snapshot(spec.deploymentId);
    expect([gone.scaling, alive(gone)]).toEqual([[], []]);
  });

  it.concurrent('that no longer asks for it runs one task, and is out of scaling [CFG-9, AWS-1]', async () => {
    const spec = testSpec(theatre.stage.image, { scaling: { minReplicas: 2, maxReplicas: 3 } });
    const { provisioner } = scaled(spec);
    await serve(provisioner, spec);
    const two = await theatre.observer.snapshot(spec.deploymentId);
    expect(two.scaling).toMatchObject([{ min: 2, max: 3, policies: {} }]);
    await serve(provisioner, next(spec, { scaling: undefined }));
    const one = await theatre.seenWhen(spec.deploymentId, 'one task runs', (seen) => alive(seen).length === 1);
    expect(one.services[0]).toMatchObject({ desiredCount: 1 });
    expect([one.scaling, one.roles]).toEqual([[], two.roles]);
    expect(await destroy(provisioner, spec.deploymentId)).toEqual([]);
  });

  function scaled({ deploymentId }: WorkloadSpec): ReturnType<Theatre['provisioner']> {
    const calls = sentTo(
      moto.endpoint,
      'AnyScaleFrontendService',
      intercept(() => 'pass'),
    );
    return theatre.provisioner(
      { scaling: true },
      doneBefore('RegisterScalableTarget', calls, () => makeTwin(deploymentId)),
    );
  }

  function running(seen: Snapshot): number {
    return alive(seen).filter(({ status, address }) => status === 'RUNNING' && address !== null).length;
  }

  async function makeTwin(deploymentId: string): Promise<void> {
    const { serviceName } = (await theatre.observer.snapshot(deploymentId)).services[0]!;
    const ecs = (call: string, input: Record<string, unknown>): Promise<unknown> =>
      theatre.observer.call({ service: 'ecs', call, with: input, at: moto.endpoint });
    await ecs('create_cluster', { clusterName: 'runlayer' });
    await ecs('register_task_definition', { family: 'twin', containerDefinitions: [{ name: 'twin', image: 'twin', memory: 128 }] });
    await ecs('create_service', { cluster: 'runlayer', serviceName, taskDefinition: 'twin', desiredCount: 1 });
  }
});
