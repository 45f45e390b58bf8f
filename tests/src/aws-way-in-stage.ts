// A server on the emulated AWS, a line between the two that can be held up, and moves on tasks behind the server's back.
import { DescribeTasksCommand, ECSClient, ListTasksCommand, StopTaskCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { pushImage } from '@runlayer/aws-provisioner/testing/images';
import { inRepository, startPlatform, waitFor, type Platform } from '@runlayer/local-platform';
import { createImageBuilder } from '@runlayer/image-builder';
import { ensureBaseImage } from '@runlayer/local-docker';
import { call } from './aws-callers.ts';
import { type AwsLine, openAwsLine } from './aws-line.ts';
import { openAwsStage } from './aws-stage.ts';
import { createDeployment, destroy, docker, ended, release } from './deployments.ts';

/** A task that runs. */
export interface RunningTask {
  readonly arn: string;
  readonly address: string;
}

export interface WayInStage {
  readonly platform: Platform;
  readonly line: AwsLine;
  /** Deploys with so many copies; again with the same id where one is given. */
  deploy(name: string, env: Readonly<Record<string, string>>, copies?: number, id?: string): Promise<string>;
  tasks(id: string): Promise<RunningTask[]>;
  /** As the scheduler of ECS does. On this emulator nothing replaces the task. */
  stopTask(task: RunningTask): Promise<void>;
  /** As scaling does. */
  scaleTo(id: string, copies: number): Promise<void>;
  /** Kills the container of a task, as a crash does. */
  kill(task: RunningTask): Promise<void>;
  /** Names of the tasks that answer, once there are so many. */
  answering(id: string, copies: number): Promise<string[]>;
  close(): Promise<void>;
}

const cluster = 'runlayer-default';

/** @param pollMs Time between two looks of the server at the cluster. */
export async function openWayInStage(pollMs: number): Promise<WayInStage> {
  const tag = `runlayer-test-way-in:${process.pid}`;
  const [aws] = await Promise.all([openAwsStage(), buildImage(tag)]);
  const line = await openAwsLine(aws.emulator.endpoint);
  const image = await pushImage(docker, aws.emulator, tag, 'runlayer/default');
  const settings = {
    RUNLAYER_AWS_ENDPOINT: line.endpoint,
    RUNLAYER_AWS_POLL_MS: String(pollMs),
    RUNLAYER_AWS_SCALING: 'on',
    RUNLAYER_SESSION_DRAIN_MS: '1000',
  };
  const platform = await startPlatform({ env: { ...aws.env, ...settings } });
  const ecs = new ECSClient(aws.config);
  const made = new Set<string>();
  const service = (id: string): string => `runlayer-default-${id}`;
  const stage: WayInStage = {
    platform,
    line,
    async deploy(name, env, copies = 1, known) {
      const id = known ?? (await createDeployment(platform, name));
      made.add(id);
      await release(platform, id, config(name, env, copies), image);
      const { status, error } = await ended(platform, id);
      if (status !== 'succeeded') throw new Error(`The release of ${name} ${status}: ${error}`);
      return id;
    },
    async tasks(id) {
      const { taskArns } = await ecs.send(new ListTasksCommand({ cluster, family: service(id), desiredStatus: 'RUNNING' }));
      if (taskArns === undefined || taskArns.length === 0) return [];
      const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
      return tasks.flatMap(({ taskArn = '', lastStatus, attachments }) => {
        const details = attachments?.flatMap((attachment) => attachment.details ?? []) ?? [];
        const address = details.find(({ name: detail }) => detail === 'privateIPv4Address')?.value;
        return lastStatus === 'RUNNING' && address !== undefined ? [{ arn: taskArn, address }] : [];
      });
    },
    stopTask: async ({ arn }) => void (await ecs.send(new StopTaskCommand({ cluster, task: arn }))),
    scaleTo: async (id, copies) => void (await ecs.send(new UpdateServiceCommand({ cluster, service: service(id), desiredCount: copies }))),
    async kill({ address }) {
      const running = await docker.listContainers();
      const found = running.find(({ NetworkSettings }) =>
        Object.values(NetworkSettings.Networks).some(({ IPAddress }) => IPAddress === address),
      );
      await docker.getContainer(found?.Id ?? '').kill();
    },
    answering: (id, copies) =>
      waitFor(`${copies} tasks answering`, async () => {
        const met = await Promise.all(Array.from({ length: copies * 4 }, () => call(platform, id)));
        const names = [...new Set(met.flatMap(({ task }) => task ?? []))];
        return names.length === copies ? names : undefined;
      }),
    async close() {
      line.set('open');
      await Promise.all([...made].map((id) => destroy(platform, id)));
      await platform.stop();
      line.close();
      await aws.close();
      await docker.getImage(tag).remove({ force: true });
    },
  };
  return stage;
}

async function buildImage(tag: string): Promise<void> {
  await ensureBaseImage(docker, 'node:24-slim');
  const context = inRepository('tests/fixtures/way-in');
  for await (const event of createImageBuilder({ docker }).build({ context, dockerfile: 'Dockerfile', tag }))
    if (event.type === 'built') return;
  throw new Error('The build ended without an image.');
}

function config(name: string, env: Readonly<Record<string, string>>, copies: number): string {
  const lines = Object.entries({ OWNER: name, ...env }).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`);
  const scaling = copies === 1 ? '' : `  scaling:\n    min_replicas: ${copies}\n    max_replicas: ${copies + 2}\n`;
  return `name: ${name}\nruntime: docker\nservice:\n  port: 8000\n  path: /mcp\ninfrastructure:\n  cpu: 256\n  memory: 512\n  platform: x86\n${scaling}env:\n${lines.join('\n')}\n`;
}
