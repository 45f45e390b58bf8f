// Takes back what a failed start has made, and nothing that another process has made meanwhile.
import type { WorkloadSpec } from '@runlayer/provisioner';
import { type AwsApply, step } from './apply-job.ts';
import { StartFailed } from '../calls/aws-error.ts';
import { Superseded, Vanished } from './others.ts';
import { prune } from './prune.ts';
import { removeService, updateService } from '../resources/service.ts';
import { type Ground, waited } from './roll.ts';
import { type Running, readRunning } from '../observation/running.ts';
import { endTrials } from './trial.ts';

/**
 * A service that served before goes back to its task definition; one that was made for this start goes.
 * The roles stay either way: customers' trust policies may name them already.
 */
export async function withdraw(
  job: AwsApply,
  spec: WorkloadSpec,
  running: Running | undefined,
  { securityGroup, registered }: Ground,
): Promise<void> {
  const { context } = job;
  const { deploymentId } = spec;
  const now = await readRunning(context, deploymentId);
  const isOurs = now?.service.taskDefinition === registered.taskDefinitionArn;
  const hadService = running !== undefined && running.service.status === 'ACTIVE';
  if (!hadService && isOurs) {
    step(job, 'withdraw', 'Removes the service that does not start.');
    await removeService(context, deploymentId);
  } else if (hadService && isOurs && registered.taskDefinitionArn !== running.service.taskDefinition && running.spec !== undefined) {
    step(job, 'withdraw', 'Goes back to the release before.');
    const { taskDefinition = '', desiredCount = 1 } = running.service;
    const wanted = { deploymentId, taskDefinition, securityGroup, desiredCount };
    const { spec: former } = running;
    // How it ends, the status tells that is read next; the cause to report is the first one.
    await updateService(context, wanted)
      .then((back) => waited(job, former, back, true))
      .catch(unlessUnexpected);
  }
  // What stood in for the tasks goes once callers are back with these.
  await endTrials(context, deploymentId);
  await prune(context, deploymentId, { definition: registered, isServing: false });
}

function unlessUnexpected(error: unknown): void {
  if (!(error instanceof StartFailed || error instanceof Superseded || error instanceof Vanished)) throw error;
}
