import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import type { WatchEvent } from '@runlayer/provisioner';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDockerProvisioner } from './docker-provisioner.ts';
import { label } from './labels.ts';

const seconds = { timeout: 10_000 };

describe('watching an engine that comes and goes', () => {
  let folder: string;
  let server: Server;
  let streams: ServerResponse[];
  let stop: AbortController;
  let seen: WatchEvent[];
  let reading: Promise<void>;

  const listed = [{ Id: 'old', Labels: { [label.deployment]: 'listed', [label.installation]: 'mine' } }];
  const start = async (): Promise<void> => {
    server = createServer((request, response) => {
      if (request.url?.startsWith('/events') === true) {
        streams.push(response);
        response.flushHeaders();
      } else response.end(JSON.stringify(listed));
    });
    await new Promise<void>((resolve) => server.listen(join(folder, 'docker.sock'), resolve));
  };
  const end = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  const send = (event: object): void => void streams.at(-1)?.write(`${JSON.stringify(event)}\n`);
  const container = (action: string, id: string, attributes: object): object => ({
    Type: 'container',
    Action: action,
    Actor: { ID: id, Attributes: attributes },
  });
  const network = (id: string): object => ({ Type: 'network', Action: 'disconnect', Actor: { ID: 'n', Attributes: { container: id } } });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'runlayer-engine-'));
    [streams, seen, stop] = [[], [], new AbortController()];
    const docker = new Docker({ socketPath: join(folder, 'docker.sock') });
    const provisioner = createDockerProvisioner({ docker, installation: 'mine' });
    reading = (async () => {
      for await (const event of provisioner.watch({ signal: stop.signal })) seen.push(event);
    })();
  });
  afterEach(async () => {
    stop.abort();
    await reading;
    await end();
    rmSync(folder, { recursive: true, force: true });
  });

  it('begins once there is one, and says after each gap that anything may have changed [PLAT-4]', async () => {
    await start();
    await vi.waitFor(() => expect(seen).toEqual([{ type: 'unknown' }]), seconds);
    await end();
    await start();
    await vi.waitFor(() => expect(seen).toEqual([{ type: 'unknown' }, { type: 'unknown' }]), seconds);
  });

  it('names the deployments of its own installation only, also where a network tells no more than a container', async () => {
    await start();
    await vi.waitFor(() => expect(seen).toHaveLength(1), seconds);
    const labels = { [label.deployment]: 'fresh', [label.installation]: 'mine' };
    send(container('start', 'foreign', { ...labels, [label.deployment]: 'foreign', [label.installation]: 'theirs' }));
    send(container('start', 'nobody', {}));
    send(network('foreign'));
    send(network('old'));
    send(container('start', 'new', labels));
    send(network('new'));
    send(container('exec_start: x', 'old', { [label.deployment]: 'listed', [label.installation]: 'mine' }));
    send(container('destroy', 'last', { ...labels, [label.deployment]: 'last' }));
    await vi.waitFor(() => expect(seen).toContainEqual({ type: 'moved', deploymentId: 'last' }), seconds);
    const named = seen.flatMap((event) => (event.type === 'moved' ? [event.deploymentId] : []));
    expect([...new Set(named)]).toEqual(['listed', 'fresh', 'last']);
  });
});
