// The proxy's way to tasks on AWS: private addresses that come and go, and AWS that cannot always be asked.
import { emulatorMissing } from '@runlayer/aws-provisioner/testing/emulator';
import { waitFor } from '@runlayer/local-platform';
import { describeWith } from '@runlayer/test-services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { call, callOnAndOn, type Met, type Steady } from './aws-callers.ts';
import { openWayInStage, type WayInStage } from './aws-way-in-stage.ts';

/** Callers of one deployment at a time: so many calls may be under way when a task dies. */
const clients = 4;

describeWith(await emulatorMissing(), 'tasks on AWS behind the proxy', () => {
  let stage: WayInStage;
  let pair: string;
  let first: string;
  let second: string;

  beforeAll(async () => {
    stage = await openWayInStage(200);
    [pair, first, second] = await Promise.all([
      stage.deploy('pair', { ROUND: '1' }, 2),
      stage.deploy('first', {}),
      stage.deploy('second', {}),
    ]);
  }, 120_000);
  afterAll(() => stage.close(), 60_000);

  const open = (): Promise<Met> => call(stage.platform, pair, { method: 'initialize' });
  const callers = (id: string): Steady => callOnAndOn(stage.platform, id, clients);
  /** Waits until so many more calls were answered. */
  const answered = ({ met }: Steady, more: number): Promise<true> => {
    const before = met.length;
    return waitFor(`${more} calls`, async () =>
      met.slice(before).filter(({ status }) => status === 200).length >= more ? true : undefined,
    );
  };

  it('share the calls, and a session goes to the task that made it [AWS-4, PROXY-1]', async () => {
    const names = await stage.answering(pair, 2);
    const sessions = await Promise.all(Array.from({ length: 8 }, open));
    expect(new Set(sessions.map(({ task }) => task))).toEqual(new Set(names));
    for (const { session = '', task } of sessions) {
      const met = await Promise.all(Array.from({ length: 4 }, () => call(stage.platform, pair, { session })));
      expect(met.map((one) => [one.status, one.task])).toEqual(Array.from({ length: 4 }, () => [200, task]));
    }
  });

  it('cost one call of AWS a look while nothing happens, however many they are [AWS-4]', async () => {
    const idle = await waitFor('ten looks in a row', async () => {
      const lately = stage.line.calls.slice(-10);
      return lately.length === 10 && lately.every((name) => name === 'ListTasks') ? lately : undefined;
    });
    expect(idle).toHaveLength(10);
  });

  it('are left at once when they die, and the next one is found by itself [AWS-4, PLAT-4]', async () => {
    const before = await stage.answering(pair, 2);
    const steady = callers(pair);
    await answered(steady, 50);
    await stage.kill((await stage.tasks(pair))[0]!);
    await waitFor('the next task', async () =>
      steady.met.some(({ task }) => task !== undefined && !before.includes(task)) ? true : undefined,
    );
    await steady.end();
    // Those that the task had when it died: nobody may send them again.
    expect(steady.failed().length).toBeLessThanOrEqual(clients);
    for (const { code } of steady.failed()) expect(code).toBe('ERR_PROXY_RESET');
  });

  it('are replaced by a release without a failed call, though the new ones take their time to listen [AWS-4, PLAT-4, PROXY-1]', async () => {
    await stage.answering(pair, 2);
    const { session = '', task } = await open();
    const steady = callers(pair);
    const released = stage.deploy('pair', { ROUND: '2', START_DELAY_MS: '1000' }, 2, pair);
    await waitFor('the new release', async () => (steady.met.some(({ round }) => round === '2') ? true : undefined));
    // New callers are with the new tasks; the session goes on where it is.
    expect(await call(stage.platform, pair, { session })).toMatchObject({ status: 200, task, round: '1' });
    await released;
    await stage.answering(pair, 2);
    await steady.end();
    expect(steady.failed()).toEqual([]);
    expect(await call(stage.platform, pair, { session })).toMatchObject({ status: 404, code: 'ERR_PROXY_SESSION' });
    expect(await open()).toMatchObject({ status: 200, round: '2' });
  }, 60_000);

  /** The first deployment loses its task while it is called, and the second gets one: on this engine mostly at the same address. */
  async function handOver(): Promise<readonly Met[]> {
    const steady = callers(first);
    await answered(steady, 20);
    const [task] = await stage.tasks(first);
    await Promise.all([stage.stopTask(task!), stage.scaleTo(second, 1)]);
    await waitFor('the other task listening', async () => {
      const address = (await stage.tasks(second))[0]?.address;
      const answer = address === undefined ? undefined : await fetch(`http://${address}:8000/`).catch(() => undefined);
      return answer?.ok;
    });
    const ended = steady.met.length;
    await waitFor('calls afterwards', async () => (steady.met.length > ended + 20 ? true : undefined));
    return steady.end();
  }
  const strangers = (met: readonly Met[]): Met[] => met.filter(({ status, owner }) => status === 200 && owner !== 'first');

  async function withoutSecond(): Promise<void> {
    await stage.scaleTo(second, 0);
    await waitFor('the end of the second', async () => ((await stage.tasks(second)).length === 0 ? true : undefined));
    await stage.answering(first, 1);
  }

  it('never get the calls of a deployment that had their address before [AWS-4, PLAT-4]', async () => {
    await withoutSecond();
    expect(strangers(await handOver())).toEqual([]);
  });

  it('are called on while AWS throttles, is cut off or does not answer; those that die are left, and no stranger is called [AWS-4, PLAT-4]', async () => {
    await stage.scaleTo(first, 0);
    await stage.scaleTo(first, 1);
    await withoutSecond();
    await stage.answering(pair, 2);
    const steady = callers(pair);
    for (const state of ['throttled', 'cut', 'silent'] as const) {
      stage.line.set(state);
      await answered(steady, 200);
      expect([state, steady.failed()]).toEqual([state, []]);
    }
    expect(strangers(await handOver())).toEqual([]);
    await stage.kill((await stage.tasks(pair))[0]!);
    await answered(steady, 100);
    expect(steady.failed().length).toBeLessThanOrEqual(clients);
    stage.line.set('open');
    await stage.answering(pair, 2);
    await steady.end();
    expect(steady.failed().length).toBeLessThanOrEqual(clients);
  }, 60_000);
});
