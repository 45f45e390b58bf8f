// Counts the calls of each verb through the life of one deployment with all that it can have.
import { createAwsProvisioner } from '@runlayer/aws-provisioner';
import { intercept } from '@runlayer/aws-provisioner/testing/interception';
import { testSpec } from '@runlayer/aws-provisioner/testing/specs';
import type { Stage } from '@runlayer/aws-provisioner/testing/stage';
import type { Provisioner, WorkloadSpec } from '@runlayer/provisioner';

/** What one verb asked. */
export interface Counted {
  readonly verb: string;
  readonly mutating: number;
  readonly reading: number;
}

/** A spec with a table and a secret. */
export function fullSpec(stage: Stage): WorkloadSpec {
  return testSpec(stage.image, { database: true, secrets: { TOKEN: 'the-first-token' } });
}

/** Deploys; throws unless it serves. */
export async function deploy(provisioner: Provisioner, spec: WorkloadSpec): Promise<void> {
  for await (const event of provisioner.apply(spec)) {
    if (event.type === 'failed') throw new Error(`The deployment failed: ${event.failure.message}`);
  }
}

/** Takes down. */
export async function takeDown(provisioner: Provisioner, { deploymentId }: WorkloadSpec): Promise<void> {
  for await (const event of provisioner.destroy(deploymentId)) {
    if (event.type === 'destroyed' && event.remaining.length > 0) throw new Error(`Left: ${event.remaining.join(', ')}`);
  }
}

/** Runs every verb once, each in a provisioner of its own: as after a start of the server. */
export async function countVerbs(stage: Stage): Promise<Counted[]> {
  const spec = fullSpec(stage);
  const again: WorkloadSpec = { ...spec, releaseId: crypto.randomUUID() };
  const changed: WorkloadSpec = { ...again, releaseId: crypto.randomUUID(), secrets: { TOKEN: 'the-second-token' } };
  const verbs: readonly (readonly [string, (provisioner: Provisioner) => Promise<unknown>])[] = [
    ['first deploy', (provisioner) => deploy(provisioner, spec)],
    ['no-op apply', (provisioner) => deploy(provisioner, again)],
    ['no-op plan', (provisioner) => provisioner.plan(again)],
    ['status', (provisioner) => provisioner.status(spec.deploymentId)],
    ['changed variable', (provisioner) => deploy(provisioner, changed)],
    ['destroy', (provisioner) => takeDown(provisioner, spec)],
  ];
  const counted: Counted[] = [];
  for (const [verb, run] of verbs) counted.push({ verb, ...(await callsOf(stage, run)) });
  return counted;
}

/** With the usual time between two looks: the emulator starts a task within one, so the number of looks does not depend on chance. */
async function callsOf(stage: Stage, run: (provisioner: Provisioner) => Promise<unknown>): Promise<Omit<Counted, 'verb'>> {
  const { requestHandler, tries } = intercept(() => 'pass');
  await run(createAwsProvisioner({ ...stage.options, pollMs: 2000, requestHandler }));
  const mutating = tries.filter(({ isMutating }) => isMutating).length;
  return { mutating, reading: tries.length - mutating };
}
