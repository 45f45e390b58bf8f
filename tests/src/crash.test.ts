import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startPlatform, type Platform } from '@runlayer/local-platform';
import { describeWith, dockerMissing } from '@runlayer/test-services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { callEcho, containersOf, createDeployment, destroy, docker, ended, release } from './deployments.ts';
import { echoImage } from './images.ts';
import { echoConfig } from './workspace.ts';

const kills = 50;
const seed = 20_261_122;

/** The same numbers in every run: mulberry32, good enough to pick moments. */
function random(state: number): () => number {
  let a = state;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

describeWith(await dockerMissing(), 'a server killed in the middle of a deploy', () => {
  let dataDir: string;
  let image: string;
  let platform: Platform;
  let id: string;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'runlayer-crash-'));
    image = await echoImage('runlayer-test-echo:crash');
    platform = await startPlatform({ dataDir });
    id = await createDeployment(platform, 'crash');
    await release(platform, id, echoConfig('crash', { ROUND: 'first' }), image);
    expect((await ended(platform, id)).status).toBe('succeeded');
  });

  afterAll(async () => {
    await destroy(platform, id);
    await platform.stop();
    await rm(dataDir, { recursive: true, force: true });
    await docker.getImage(image).remove({ force: true });
  });

  const pick = random(seed);
  const rounds = Array.from({ length: kills }, (_, round) => ({ round, after: Math.floor(pick() * 1500), breaks: pick() < 0.25 }));
  let serving = 'first';

  it.each(rounds)(
    'ends truthfully with one container, killed $after ms after the trigger (round $round, bad release: $breaks) [PLAT-4]',
    async ({ round, after, breaks }) => {
      const wanted = `round-${round}`;
      await release(platform, id, echoConfig('crash', { ROUND: wanted, ...(breaks ? { EXIT_AT_START: '3' } : {}) }), image);
      await delay(after);
      await platform.kill();
      platform = await startPlatform({ dataDir, port: platform.port, adminKey: platform.adminKey });
      const { status } = await ended(platform, id);
      expect(status).toBe(breaks ? 'failed' : 'succeeded');
      if (!breaks) serving = wanted;
      expect((await callEcho(platform, id)).env['ROUND']).toBe(serving);
      expect((await containersOf(id)).map(({ State }) => State)).toEqual(['running']);
    },
  );
});
