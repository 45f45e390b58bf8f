import { setTimeout as delay } from 'node:timers/promises';
import { startPlatform, waitFor, type Platform } from '@runlayer/local-platform';
import { describeWith, dockerMissing } from '@runlayer/test-services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { callEcho, containersOf, createDeployment, destroy, docker, ended, release, type Seen } from './deployments.ts';
import { echoImage } from './images.ts';
import { echoConfig } from './workspace.ts';

/** What each client calls: most are quick, two take as long as a switch does. */
const paths = [...Array.from({ length: 6 }, () => '/'), '/wait/700', '/wait/1500'];

describeWith(await dockerMissing(), 'a deployment whose container is replaced or moves', () => {
  let platform: Platform;
  let image: string;
  const made: string[] = [];

  beforeAll(async () => {
    image = await echoImage('runlayer-test-echo:redeploy');
    platform = await startPlatform();
  });
  afterAll(async () => {
    for (const id of made) await destroy(platform, id);
    await platform.stop();
    await docker.getImage(image).remove({ force: true });
  });

  async function deployed(name: string, env: Readonly<Record<string, string>>): Promise<string> {
    const id = await createDeployment(platform, name);
    made.push(id);
    await redeploy(id, name, env);
    return id;
  }
  async function redeploy(id: string, name: string, env: Readonly<Record<string, string>>): Promise<void> {
    await release(platform, id, echoConfig(name, env), image);
    expect(await ended(platform, id)).toMatchObject({ status: 'succeeded' });
  }
  const stateOf = async (id: string): Promise<string> => (await platform.api<{ state: string }>('GET', `/deployments/${id}`)).state;

  /** A POST, as it may not be repeated by anybody when its connection is lost. */
  async function post(id: string, path: string): Promise<Seen> {
    const response = await fetch(`${platform.url}/api/v1/proxy/hosted/${id}${path}`, {
      method: 'POST',
      body: '{}',
      headers: { 'x-runlayer-api-key': platform.adminKey, 'content-type': 'application/json' },
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`The proxy answered ${response.status}: ${text}`);
    return JSON.parse(text) as Seen;
  }

  /** One call after the other until the signal: the round that each saw, and when it was sent. */
  async function callOn(id: string, path: string, signal: AbortSignal): Promise<{ readonly round: number; readonly sentAt: number }[]> {
    const seen: { readonly round: number; readonly sentAt: number }[] = [];
    while (!signal.aborted) {
      const sentAt = performance.now();
      const { env } = await post(id, path);
      seen.push({ round: Number(env['ROUND']), sentAt });
    }
    return seen;
  }

  it(`fails no call of ${paths.length} clients while three releases go through, and then shows the new values to all [PLAT-4]`, async () => {
    const id = await deployed('redeploy', { ROUND: '0' });
    const finished = new AbortController();
    const calling = Promise.all(paths.map((path) => callOn(id, path, finished.signal)));
    // A failed call is reported below; until then it must not count as unhandled.
    calling.catch(() => {});
    const since: number[] = [];
    for (const round of [1, 2, 3]) {
      await redeploy(id, 'redeploy', { ROUND: String(round) });
      since[round] = performance.now();
    }
    await waitFor('calls after the last release', async () => Number((await callEcho(platform, id)).env['ROUND']) === 3 || undefined);
    finished.abort();
    const calls = (await calling).flat();
    expect(calls.length).toBeGreaterThan(paths.length * 10);
    for (const { round, sentAt } of calls) {
      const ended = since.findLastIndex((time) => time !== undefined && time <= sentAt);
      expect(round).toBeGreaterThanOrEqual(Math.max(0, ended));
    }
    expect(await containersOf(id)).toHaveLength(1);
  });

  it('sends no call to another deployment that was given the address of a stopped container [PLAT-4]', async () => {
    const first = await deployed('moves', { OWNER: 'first' });
    expect((await callEcho(platform, first)).env['OWNER']).toBe('first');
    const [container] = await containersOf(first);
    await docker.getContainer(container?.Id ?? '').stop({ t: 1 });
    // The engine gives the lowest address that is free: the same one, unless somebody else on the engine was faster.
    const second = await deployed('arrives', { OWNER: 'second' });
    expect((await callEcho(platform, second)).env['OWNER']).toBe('second');
    await expect(callEcho(platform, first)).rejects.toThrow('The proxy answered 503');
    await waitFor('the state telling that it stopped', async () => (await stateOf(first)) === 'failed' || undefined);
    await docker.getContainer(container?.Id ?? '').start();
    await waitFor('the first one serving again', async () => (await stateOf(first)) === 'serving' || undefined);
    expect((await callEcho(platform, first)).env['OWNER']).toBe('first');
    expect((await callEcho(platform, second)).env['OWNER']).toBe('second');
  });

  it('follows a container that crashes and is started again by the engine [PLAT-4]', async () => {
    const id = await deployed('crashes', { OWNER: 'me', CRASH_AT: '/crash' });
    await expect(callEcho(platform, id, '/crash')).rejects.toThrow('The proxy answered 50');
    await waitFor('a call reaching it again', async () => {
      const seen = await callEcho(platform, id).catch(() => undefined);
      if (seen === undefined) await delay(100);
      return seen?.env['OWNER'] === 'me' || undefined;
    });
    expect(await stateOf(id)).toBe('serving');
  });
});
