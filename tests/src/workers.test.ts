// The server with more than one worker process: one port, one truth, and no worker that cannot be lost.
import { readFile } from 'node:fs/promises';
import { startPlatform, waitFor, type Platform } from '@runlayer/local-platform';
import { describeWith, dockerMissing } from '@runlayer/test-services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { callEcho, createDeployment, destroy, docker, ended, release } from './deployments.ts';
import { echoImage } from './images.ts';
import { echoConfig } from './workspace.ts';

describeWith(await dockerMissing(), 'a server with workers', () => {
  let platform: Platform;
  let image: string;
  let id: string;

  beforeAll(async () => {
    image = await echoImage('runlayer-test-echo:workers');
    platform = await startPlatform({ env: { RUNLAYER_WORKERS: '2' } });
    id = await createDeployment(platform, 'workers');
    await deploy('1');
  });
  afterAll(async () => {
    await destroy(platform, id);
    expect(await platform.stop()).toBe(0);
    await docker.getImage(image).remove({ force: true });
  });

  async function deploy(round: string): Promise<void> {
    await release(platform, id, echoConfig('workers', { ROUND: round }), image);
    expect(await ended(platform, id)).toMatchObject({ status: 'succeeded' });
  }
  const status = async (key: string): Promise<number> => {
    const response = await fetch(`${platform.url}/api/v1/proxy/hosted/${id}/`, {
      headers: { 'x-runlayer-api-key': key, connection: 'close' },
    });
    await response.body?.cancel();
    return response.status;
  };
  /** Answers of many calls, each on a connection of its own, so that every worker gets some. */
  const statuses = async (key: string, calls = 24): Promise<number[]> => [
    ...new Set(await Promise.all(Array.from({ length: calls }, () => status(key)))),
  ];
  async function workers(): Promise<number[]> {
    const { pid } = platform.process;
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return children.trim().split(' ').map(Number);
  }
  async function metric(name: string): Promise<number> {
    const response = await fetch(`${platform.url}/metrics`, { headers: { 'x-runlayer-api-key': platform.adminKey } });
    const lines = (await response.text()).split('\n').filter((line) => line.startsWith(name) && line.includes(id));
    return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  }

  it('answers the API and calls on one port, and counts the calls of all of them [PROXY-1]', async () => {
    const before = await metric('runlayer_proxy_calls_total');
    expect(await statuses(platform.adminKey)).toEqual([200]);
    await waitFor('the count of every call', async () => (await metric('runlayer_proxy_calls_total')) === before + 24 || undefined);
    expect(await workers()).toHaveLength(2);
  });

  it('refuses a revoked key in every worker within a second [PROXY-2]', async () => {
    const { user_id } = await platform.api<{ user_id: string }>('GET', '/users/me');
    const made = await platform.api<{ id: string; api_key: string }>('POST', '/api-keys', { name: 'spare', owner: 'user', user_id });
    expect(await statuses(made.api_key)).toEqual([200]);
    await platform.api('DELETE', `/api-keys/${made.id}`);
    const revokedAt = performance.now();
    await waitFor('401 in every worker', async () => (await statuses(made.api_key)).join() === '401' || undefined);
    // Generous for a busy machine; the memory of a credential lasts one second at most.
    expect(performance.now() - revokedAt).toBeLessThan(5_000);
  });

  it('shows the values of a new release in every worker once it has succeeded [PLAT-4]', async () => {
    await deploy('2');
    const rounds = await Promise.all(Array.from({ length: 24 }, () => callEcho(platform, id, '/', { connection: 'close' })));
    expect(new Set(rounds.map(({ env }) => env['ROUND']))).toEqual(new Set(['2']));
  });

  it('starts a worker again that was killed, while the others answer [PLAT-4]', async () => {
    const [first = 0] = await workers();
    process.kill(first, 'SIGKILL');
    await waitFor('two workers, none of them the killed one', async () => {
      const now = await workers();
      return (now.length === 2 && !now.includes(first)) || undefined;
    });
    expect(await statuses(platform.adminKey)).toEqual([200]);
    expect(platform.output()).toContain('a worker ended and is started again');
  });
});
