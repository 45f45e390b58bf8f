// How long the verbs that change nothing take where a call of AWS takes as long as it does from a machine in its region.
import { DescribeClustersCommand, ECSClient } from '@aws-sdk/client-ecs';
import { type AwsProvisionerOptions, createAwsProvisioner } from '@runlayer/aws-provisioner';
import { intercept } from '@runlayer/aws-provisioner/testing/interception';
import type { Stage } from '@runlayer/aws-provisioner/testing/stage';
import { inTurns } from '../ratio.ts';
import type { Table } from '../report.ts';
import { deploy, fullSpec, takeDown } from './verbs.ts';

type RequestHandler = NonNullable<AwsProvisionerOptions['requestHandler']>;

/** Added to each call, milliseconds. */
const distanceMs = 50;
const probes = 10;

/** Wall time of a no-op plan and a no-op apply, also as a multiple of one call: how many wait for each other. */
export async function roundTrips(stage: Stage, rounds: number): Promise<Table> {
  const spec = fullSpec(stage);
  await deploy(createAwsProvisioner(stage.options), spec);
  const { requestHandler, tries } = intercept(() => 'pass');
  const provisioner = createAwsProvisioner({ ...stage.options, requestHandler: atDistance(requestHandler) });
  const rows: (readonly [string, number, number, number, number])[] = [];
  for (const [name, verb] of [
    ['no-op plan', () => provisioner.plan(spec)],
    ['no-op apply', () => deploy(provisioner, spec)],
  ] as const) {
    await verb();
    const before = tries.length;
    await verb();
    const calls = tries.length - before;
    const [ours, one] = await inTurns(
      rounds,
      () => wallTime(verb),
      () => oneCall(stage),
    );
    rows.push([name, calls, ours, one, ours / one]);
  }
  await takeDown(createAwsProvisioner(stage.options), spec);
  const title = `Wall time, ${distanceMs} ms added to each call, medians of ${rounds} rounds`;
  return { title, columns: ['', 'calls', 'ms', 'ms of one call', 'calls in a row'], rows };
}

/** Each call takes longer; calls beside each other do not wait for each other. */
function atDistance(near: RequestHandler): RequestHandler {
  const { handle } = near as { handle: (...args: unknown[]) => Promise<unknown> };
  const far = {
    async handle(...args: unknown[]) {
      await new Promise((resolve) => setTimeout(resolve, distanceMs));
      return handle(...args);
    },
  };
  return far;
}

async function oneCall({ options }: Stage): Promise<number> {
  const { region, endpoint, credentials, cluster } = options;
  const { requestHandler } = intercept(() => 'pass');
  const ecs = new ECSClient({ region, endpoint: endpoint!, credentials: credentials!, requestHandler: atDistance(requestHandler) });
  const took = await wallTime(async () => {
    for (let made = 0; made < probes; made += 1) await ecs.send(new DescribeClustersCommand({ clusters: [cluster] }));
  });
  return took / probes;
}

async function wallTime(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
