// Counts what watching costs while nothing happens, with more deployments than fit into few calls if each were asked for.
import { createAwsProvisioner } from '@runlayer/aws-provisioner';
import { intercept } from '@runlayer/aws-provisioner/testing/interception';
import { testSpec } from '@runlayer/aws-provisioner/testing/specs';
import type { Stage } from '@runlayer/aws-provisioner/testing/stage';
import { deploy, takeDown } from './verbs.ts';

const deployments = 10;
const seconds = 12;

/** Calls a minute of a platform with some deployments that nobody deploys or calls. */
export async function idleCalls(stage: Stage): Promise<number> {
  const quick = createAwsProvisioner(stage.options);
  const specs = Array.from({ length: deployments }, () => testSpec(stage.image));
  await Promise.all(specs.map((spec) => deploy(quick, spec)));
  const { requestHandler, tries } = intercept(() => 'pass');
  const stop = new AbortController();
  const watching = listen(createAwsProvisioner({ ...stage.options, pollMs: 2000, requestHandler }), stop.signal);
  // The first looks describe every task once, and again those that have just started.
  await pause(5000);
  const before = tries.length;
  await pause(seconds * 1000);
  const calls = tries.length - before;
  stop.abort();
  await watching;
  await Promise.all(specs.map((spec) => takeDown(quick, spec)));
  return (calls * 60) / seconds;
}

async function listen(provisioner: ReturnType<typeof createAwsProvisioner>, signal: AbortSignal): Promise<void> {
  for await (const _event of provisioner.watch({ signal }));
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
