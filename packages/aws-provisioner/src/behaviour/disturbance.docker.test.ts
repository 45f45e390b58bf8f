// AWS that throttles, fails and does not answer, three times at every single call, reads too: everything still ends as it should.
import { randomUUID } from 'node:crypto';
import { describeWith } from '@runlayer/test-services';
import type { Provisioner } from '@runlayer/provisioner';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { destroy, environmentOf, next, serve } from '../../fixtures/drive.ts';
import { emulatorMissing } from '../../fixtures/emulator.ts';
import { connectionReset, type Fate, intercept, type Interception, type Try } from '../../fixtures/interception.ts';
import { leftovers, nothing, type Snapshot, snapshotOf } from '../../fixtures/snapshot.ts';
import { ownImage } from '../../fixtures/own-image.ts';
import { testSpec } from '../../fixtures/specs.ts';
import { openStage, type Stage } from '../../fixtures/stage.ts';
import { wireRefusal, wireThrottle, wireUnavailable } from '../../fixtures/wire-answers.ts';
import { createAwsProvisioner } from '../aws-provisioner.ts';

/** How often each call goes wrong before it is answered. */
const times = 3;

const faults: readonly { name: string; fate: (seen: Try) => Fate }[] = [
  { name: 'is throttled (Rate exceeded)', fate: (seen) => ({ answer: wireThrottle(seen) }) },
  {
    name: 'fails inside AWS (500)',
    fate: (seen) => ({
      answer: wireRefusal(seen, seen.service === 'iam' ? 'ServiceFailure' : 'InternalServerError', 'Internal error.', 500),
    }),
  },
  { name: 'meets no service (503)', fate: () => ({ answer: wireUnavailable(503) }) },
  { name: 'loses its connection before it arrives (ECONNRESET)', fate: () => ({ refuse: connectionReset() }) },
  { name: 'is done and loses its answer (ECONNRESET)', fate: () => 'lost' },
];

describeWith(await emulatorMissing(), 'a deployment on AWS at its worst [AWS-4]', () => {
  let stage: Stage;
  let undisturbed: readonly Snapshot[];
  beforeAll(async () => {
    stage = await openStage({ repository: 'runlayer/default' });
    undisturbed = await life(() => intercept(() => 'pass'));
  });
  afterAll(() => stage.close());

  const provisionerWith = (calls: Interception): Provisioner =>
    createAwsProvisioner({ ...stage.options, pollMs: 200, retryDelayMs: 8, requestHandler: calls.requestHandler });

  /** Deploys, changes and destroys; gives what was there after each. */
  async function life(calls: () => Interception): Promise<Snapshot[]> {
    const deploymentId = randomUUID();
    const image = await ownImage(stage, deploymentId);
    const spec = testSpec(image, { deploymentId, database: true, secrets: { TOKEN: 'the-first-token' } });
    const digest = image.split('@').at(-1) ?? '';
    const changed = next(spec, { secrets: { TOKEN: 'the-second-token' }, cpu: 512, memoryMiB: 1024 });
    const look = (release: string): Promise<Snapshot> =>
      snapshotOf(stage.context, spec.deploymentId, { [release]: '<release>', [digest]: '<digest>', [digest.slice(7, 23)]: '<digest>' });
    await serve(provisionerWith(calls()), spec);
    const deployed = await look(spec.releaseId);
    const endpoint = await serve(provisionerWith(calls()), changed);
    expect((await environmentOf(endpoint))['TOKEN']).toBe('the-second-token');
    const rolled = await look(changed.releaseId);
    expect(await destroy(provisionerWith(calls()), spec.deploymentId)).toEqual([]);
    return [deployed, rolled, await look(changed.releaseId)];
  }

  it.concurrent.each(faults)('where every call $name three times, converges', async ({ fate }) => {
    const seen: Interception[] = [];
    const disturbed = (): Interception => {
      const calls = intercept((one) => (one.attempt <= times ? fate(one) : 'pass'));
      seen.push(calls);
      return calls;
    };
    expect(await life(disturbed)).toEqual([...undisturbed.slice(0, 2), nothing]);
    const tries = seen.flatMap((calls) => calls.tries);
    const first = tries.filter(({ attempt }) => attempt === 1);
    expect(tries.filter(({ attempt }) => attempt === times + 1).length).toBe(first.length);
    expect(new Set(first.map(({ service }) => service)).size).toBeGreaterThanOrEqual(8);
  });

  // Last in the file, and not at the same time as any other.
  it('leaves nothing of any deployment in the account', async () => {
    expect(await leftovers(stage.context)).toEqual([]);
  });
});
