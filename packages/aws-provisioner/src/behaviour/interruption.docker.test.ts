// A run that is killed at any of its mutating calls: the next run ends where an undisturbed one does, and nothing is left over or doubled.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describeWith } from '@runlayer/test-services';
import type { Provisioner, WorkloadSpec } from '@runlayer/provisioner';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Dying, dyingAt, type Mode, mutationsOf } from '../../fixtures/death.ts';
import { destroy, environmentOf, next, serve } from '../../fixtures/drive.ts';
import { emulatorMissing } from '../../fixtures/emulator.ts';
import { type Fate, intercept, type Interception, type Try } from '../../fixtures/interception.ts';
import { startRelay } from '../../fixtures/relay.ts';
import { leftovers, nothing, roleIdsOf, type Snapshot, snapshotOf } from '../../fixtures/snapshot.ts';
import type { OneRun } from '../../fixtures/one-run.ts';
import { ownImage } from '../../fixtures/own-image.ts';
import { testSpec } from '../../fixtures/specs.ts';
import { openStage, type Stage } from '../../fixtures/stage.ts';
import { createAwsProvisioner } from '../aws-provisioner.ts';

/** Every mutating call of a first deploy with a database, variables and a role to assume. */
const deployCalls = [
  'CreateRole',
  'PutRolePolicy',
  'PutRolePolicy',
  'PutImage',
  'CreateRole',
  'PutRolePolicy',
  'CreateSecurityGroup',
  'AuthorizeSecurityGroupIngress',
  'CreateLogGroup',
  'PutRetentionPolicy',
  'CreateTable',
  'UpdateTimeToLive',
  'UpdateContinuousBackups',
  'CreateSecret',
  'RegisterTaskDefinition',
  'CreateService',
];

/** Of a change of variables, size, port and roles. */
const changeCalls = [
  'PutRolePolicy',
  'AuthorizeSecurityGroupIngress',
  'CreateSecret',
  'RegisterTaskDefinition',
  'RunTask',
  'UpdateService',
  'StopTask',
  'RevokeSecurityGroupIngress',
  'DeleteSecret',
  'DeregisterTaskDefinition',
  'DeleteTaskDefinitions',
];

/** Of a destroy. */
const destroyCalls = [
  'DeleteService',
  'DeleteSecurityGroup',
  'DeleteSecret',
  'DeregisterTaskDefinition',
  'DeleteTaskDefinitions',
  'UpdateTable',
  'DeleteTable',
  'DeleteRolePolicy',
  'DeleteRole',
  'DeleteRolePolicy',
  'DeleteRolePolicy',
  'DeleteRole',
  'DeleteLogGroup',
  'BatchDeleteImage',
];

/** Milliseconds that the slowest case may take on a machine that has more to do than it can. */
const patience = 400_000;

const points = Array.from({ length: Math.max(deployCalls.length, changeCalls.length, destroyCalls.length) }, (_, at) => ({
  call: at + 1,
  names: [deployCalls, changeCalls, destroyCalls].flatMap((calls) => calls[at] ?? []).join(', '),
}));

describeWith(await emulatorMissing(), 'a deployment whose runs are killed [AWS-4]', () => {
  let stage: Stage;
  let undisturbed: { deployed: Snapshot; changed: Snapshot };
  beforeAll(async () => {
    stage = await openStage({ repository: 'runlayer/default' });
    undisturbed = await live();
  });
  afterAll(() => stage.close());

  const provisionerWith = (calls?: Pick<Interception, 'requestHandler'>): Provisioner =>
    createAwsProvisioner({ ...stage.options, pollMs: 250, ...(calls === undefined ? {} : { requestHandler: calls.requestHandler }) });

  const fullSpec = async (): Promise<WorkloadSpec> => {
    const deploymentId = randomUUID();
    return testSpec(await ownImage(stage, deploymentId), {
      deploymentId,
      database: true,
      secrets: { TOKEN: 'the-first-token' },
      assumeRoles: { BILLING: 'arn:aws:iam::111122223333:role/billing' },
    });
  };
  const changedFrom = (spec: WorkloadSpec): WorkloadSpec =>
    next(spec, {
      port: 8001,
      cpu: 512,
      memoryMiB: 1024,
      secrets: { TOKEN: 'the-second-token', PORT: '8001' },
      assumeRoles: { PAYROLL: 'arn:aws:iam::111122223333:role/payroll' },
    });

  const look = ({ deploymentId, releaseId, image }: WorkloadSpec): Promise<Snapshot> => {
    const digest = image.split('@').at(-1) ?? '';
    return snapshotOf(stage.context, deploymentId, { [releaseId]: '<release>', [digest]: '<digest>', [digest.slice(7, 23)]: '<digest>' });
  };

  /** One life without a fault, whose calls and states are what all others are held against. */
  async function live(): Promise<{ deployed: Snapshot; changed: Snapshot }> {
    const spec = await fullSpec();
    const changed = changedFrom(spec);
    const calls = [0, 1, 2].map(() => intercept(() => 'pass'));
    await serve(provisionerWith(calls[0]), spec);
    const deployed = await look(spec);
    await serve(provisionerWith(calls[1]), changed);
    const states = { deployed, changed: await look(changed) };
    expect(await destroy(provisionerWith(calls[2]), spec.deploymentId)).toEqual([]);
    expect(calls.map(mutationsOf)).toEqual([deployCalls, changeCalls, destroyCalls]);
    return states;
  }

  /** Runs once until it is killed, and once more. Past the last call nothing is killed. */
  async function killedOnce(dying: Dying, work: (provisioner: Provisioner) => Promise<unknown>): Promise<void> {
    await work(provisionerWith(dying)).then(
      () => expect(dying.isDead(), 'ends although it was killed').toBe(false),
      (error: unknown) => {
        if (!dying.isDead()) throw error;
      },
    );
    await work(provisionerWith());
  }

  /** One life in which each of deploy, change and destroy is killed once at the same place in its list. */
  async function killedLife(call: number, mode: Mode): Promise<void> {
    const spec = await fullSpec();
    const { deploymentId } = spec;
    let ids: Record<string, string> = {};
    await killedOnce(dyingAt(call, mode), async (provisioner) => {
      ids = await roleIdsOf(stage.context, deploymentId);
      await serve(provisioner, spec);
    });
    expect(await look(spec), `${mode} ${deployCalls[call - 1]}`).toEqual(undisturbed.deployed);
    const made = await roleIdsOf(stage.context, deploymentId);
    expect(made).toMatchObject(ids);

    const changed = changedFrom(spec);
    await killedOnce(dyingAt(call, mode), async (provisioner) => {
      expect((await environmentOf(await serve(provisioner, changed)))['TOKEN']).toBe('the-second-token');
    });
    expect(await look(changed), `${mode} ${changeCalls[call - 1]}`).toEqual(undisturbed.changed);
    expect(await roleIdsOf(stage.context, deploymentId)).toEqual(made);

    await killedOnce(dyingAt(call, mode), async (provisioner) => expect(await destroy(provisioner, deploymentId)).toEqual([]));
    expect(await look(changed), `${mode} ${destroyCalls[call - 1]}`).toEqual(nothing);
  }

  // Nothing but reads lies between two mutating calls: to die before one is to die after the one before it.
  it.concurrent.each(points)(
    'killed at mutating call $call ($names): after it, so before the next, and with its reply lost; ends as if nothing had been [AWS-1, PLAT-4]',
    async ({ call }) => {
      const modes: readonly Mode[] = call === 1 ? ['before', 'after', 'lost'] : ['after', 'lost'];
      await Promise.all(modes.map((mode) => killedLife(call, mode)));
    },
    patience,
  );

  it('whose every mutating call loses its first answer does not even need another run [AWS-1]', async () => {
    const losing = (): Interception => intercept(({ isMutating, attempt }: Try): Fate => (isMutating && attempt === 1 ? 'lost' : 'pass'));
    const spec = await fullSpec();
    await serve(provisionerWith(losing()), spec);
    expect(await look(spec)).toEqual(undisturbed.deployed);
    const changed = changedFrom(spec);
    await serve(provisionerWith(losing()), changed);
    expect(await look(changed)).toEqual(undisturbed.changed);
    expect(await destroy(provisionerWith(losing()), spec.deploymentId)).toEqual([]);
    expect(await look(changed)).toEqual(nothing);
  });

  /** One run in a process of its own that is really killed, by what stands between it and AWS. */
  async function killedForGood(verb: OneRun['verb'], spec: WorkloadSpec, call: number, when: 'before' | 'after'): Promise<void> {
    const struck = Promise.withResolvers<void>();
    const relay = await startRelay(stage.emulator.endpoint, call, when, () => struck.resolve());
    const run: OneRun = { verb, spec, options: { ...stage.options, pollMs: 100, endpoint: relay.endpoint } };
    const script = fileURLToPath(new URL('../../fixtures/one-run.ts', import.meta.url));
    const child = spawn(process.execPath, [script], {
      env: { ...process.env, ONE_RUN: JSON.stringify(run) },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += String(chunk)));
    const ended = once(child, 'exit');
    await Promise.race([struck.promise, ended.then(() => Promise.reject(new Error(`It ended by itself: ${said}`)))]);
    child.kill('SIGKILL');
    expect(await ended).toEqual([null, 'SIGKILL']);
    await relay.close();
  }

  it.concurrent.each([
    ['before', 'CreateTable'],
    ['after', 'CreateTable'],
    ['after', 'RegisterTaskDefinition'],
    ['after', 'CreateService'],
  ] as const)(
    'whose process is really killed %s %s, and so in its change and its destroy, ends as if nothing had been',
    async (when, name) => {
      const spec = await fullSpec();
      await killedForGood('apply', spec, deployCalls.indexOf(name) + 1, when);
      const ids = await roleIdsOf(stage.context, spec.deploymentId);
      expect(Object.keys(ids)).toHaveLength(2);
      await serve(provisionerWith(), spec);
      expect(await look(spec)).toEqual(undisturbed.deployed);
      const changed = changedFrom(spec);
      await killedForGood('apply', changed, changeCalls.indexOf('UpdateService') + 1, when);
      await serve(provisionerWith(), changed);
      expect(await look(changed)).toEqual(undisturbed.changed);
      expect(await roleIdsOf(stage.context, spec.deploymentId)).toEqual(ids);
      await killedForGood('destroy', spec, destroyCalls.indexOf('DeleteTable') + 1, when);
      expect(await destroy(provisionerWith(), spec.deploymentId)).toEqual([]);
      expect(await look(changed)).toEqual(nothing);
    },
  );

  // Last in the file, and not at the same time as any other.
  it('leaves nothing of any deployment in the account', async () => {
    expect(await leftovers(stage.context)).toEqual([]);
  });
});
