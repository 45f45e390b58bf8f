import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startPlatform } from '@runlayer/local-platform';
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

/** One kill: how long after the trigger, and whether the release is one that cannot serve. */
interface Round {
  readonly round: number;
  readonly after: number;
  readonly breaks: boolean;
}

const pick = random(seed);
const rounds: readonly Round[] = Array.from({ length: kills }, (_, round) => ({
  round,
  after: Math.floor(pick() * 1500),
  breaks: pick() < 0.25,
}));
// Two servers side by side, each with a folder of its own: most of a round is waiting.
const lanes = [0, 1].map((lane) => ({ lane, mine: rounds.filter(({ round }) => round % 2 === lane) }));

describeWith(await dockerMissing(), 'a server killed in the middle of a deploy', () => {
  let image: string;
  beforeAll(async () => {
    image = await echoImage('runlayer-test-echo:crash');
  });
  afterAll(() => docker.getImage(image).remove({ force: true }));

  it.concurrent.each(lanes)(
    'ends truthfully with one container, 25 times: server $lane [PLAT-4]',
    { timeout: 600_000 },
    async ({ lane, mine }) => {
      const dataDir = await mkdtemp(join(tmpdir(), 'runlayer-crash-'));
      let platform = await startPlatform({ dataDir });
      const name = `crash-${lane}`;
      const id = await createDeployment(platform, name);
      let serving = 'first';
      await release(platform, id, echoConfig(name, { ROUND: serving }), image);
      expect((await ended(platform, id)).status).toBe('succeeded');
      for (const { round, after, breaks } of mine) {
        const what = `round ${round}: killed ${after} ms after the trigger of a ${breaks ? 'bad' : 'good'} release`;
        await release(platform, id, echoConfig(name, { ROUND: `round-${round}`, ...(breaks ? { EXIT_AT_START: '3' } : {}) }), image);
        await delay(after);
        await platform.kill();
        platform = await startPlatform({ dataDir, port: platform.port, adminKey: platform.adminKey });
        expect((await ended(platform, id)).status, what).toBe(breaks ? 'failed' : 'succeeded');
        if (!breaks) serving = `round-${round}`;
        expect((await callEcho(platform, id)).env['ROUND'], what).toBe(serving);
        expect(
          (await containersOf(id)).map(({ State }) => State),
          what,
        ).toEqual(['running']);
      }
      await destroy(platform, id);
      await platform.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  );
});
