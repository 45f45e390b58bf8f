// The first thing to know of the emulator: that a task is a container that answers. Without that no other test on it means anything.
import { DescribeTasksCommand, RegisterTaskDefinitionCommand, RunTaskCommand } from '@aws-sdk/client-ecs';
import Docker from 'dockerode';
import { describeWith } from '@runlayer/test-services';
import { waitFor } from '@runlayer/local-platform';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { emulatorMissing, type Emulator, startMinistack } from '../../fixtures/emulator.ts';
import { buildServerImage, pushImage } from '../../fixtures/images.ts';
import { contextOf, platformOptions } from '../../fixtures/platform.ts';

describeWith(await emulatorMissing(), 'the emulator', () => {
  const docker = new Docker();
  const tag = `runlayer-test-aws:${process.pid}`;
  let emulator: Emulator;
  let image: string | undefined;
  beforeAll(async () => {
    [emulator] = await Promise.all([startMinistack(), buildServerImage(docker, tag)]);
  });
  afterAll(async () => {
    await emulator.stop();
    await docker.getImage(tag).remove({ force: true });
    if (image !== undefined) await docker.getImage(image).remove({ force: true });
  });

  it('runs a task as a container that answers', async () => {
    const options = await platformOptions(emulator);
    const { clients } = contextOf(options);
    image = await pushImage(docker, emulator, tag);
    await clients.ecs.send(
      new RegisterTaskDefinitionCommand({
        family: 'probe',
        networkMode: 'awsvpc',
        requiresCompatibilities: ['FARGATE'],
        cpu: '256',
        memory: '512',
        containerDefinitions: [{ name: 'service', image, portMappings: [{ containerPort: 8000 }] }],
      }),
    );
    const { tasks: [task] = [] } = await clients.ecs.send(
      new RunTaskCommand({
        cluster: 'runlayer',
        taskDefinition: 'probe',
        launchType: 'FARGATE',
        networkConfiguration: { awsvpcConfiguration: { subnets: [...options.subnets] } },
      }),
    );
    const address = await waitFor('the task has an address', async () => {
      const { tasks = [] } = await clients.ecs.send(new DescribeTasksCommand({ cluster: 'runlayer', tasks: [task?.taskArn ?? ''] }));
      return tasks[0]?.attachments?.[0]?.details?.find(({ name }) => name === 'privateIPv4Address')?.value;
    });
    const answer = await waitFor('it answers', () =>
      fetch(`http://${address}:8000/env`).then(
        (response) => response.json(),
        () => undefined,
      ),
    );
    expect(answer).toHaveProperty('PATH');
  });
});
