// Application Auto Scaling for the emulator that has none: its calls go to the emulator that knows it, all others on to the first.
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateClusterCommand, CreateServiceCommand, ECSClient, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { startMoto } from '@runlayer/aws-provisioner/testing/emulator';
import type { AwsConfig } from './aws-stage.ts';

export interface ScalingStage {
  /** Address of both emulators in one. */
  readonly endpoint: string;
  /** Where scaling can be looked at. */
  readonly config: AwsConfig;
  /** Lets a service of this name be scaled: the second emulator refuses what it does not know, and nothing runs there. */
  expectService(name: string): Promise<void>;
  close(): Promise<void>;
}

export async function openScalingStage(first: AwsConfig): Promise<ScalingStage> {
  const moto = await startMoto();
  const config = { ...first, endpoint: moto.endpoint };
  const server = createServer((req, res) => {
    const isScaling = String(req.headers['x-amz-target']).startsWith('AnyScaleFrontendService.');
    const to = new URL(req.url ?? '/', isScaling ? moto.endpoint : first.endpoint);
    const onward = request(to, { method: req.method, headers: req.headers }, (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(res);
    });
    onward.on('error', () => res.destroy());
    req.pipe(onward);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const ecs = new ECSClient(config);
  const cluster = 'runlayer-default';
  await ecs.send(new CreateClusterCommand({ clusterName: cluster }));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    config,
    async expectService(name) {
      const containerDefinitions = [{ name: 'service', image: 'x', memory: 128 }];
      await ecs.send(new RegisterTaskDefinitionCommand({ family: name, containerDefinitions }));
      await ecs.send(new CreateServiceCommand({ cluster, serviceName: name, taskDefinition: name, desiredCount: 1 }));
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await moto.stop();
    },
  };
}
