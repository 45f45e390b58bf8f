import { expect, it } from 'vitest';
import type { WatchEvent } from '../provisioner.ts';
import { watchStream } from './watch-stream.ts';

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
const moved = (deploymentId: string): WatchEvent => ({ type: 'moved', deploymentId });

it('tells once what happened often while nobody read, oldest first', async () => {
  const stop = new AbortController();
  const stream = watchStream(stop.signal, async (tell, signal) => {
    for (const id of ['a', 'b', 'a', 'a']) tell(moved(id));
    await untilAborted(signal);
  });
  expect([(await stream.next()).value, (await stream.next()).value]).toEqual([moved('a'), moved('b')]);
  const waiting = stream.next();
  stop.abort();
  expect(await waiting).toEqual({ done: true, value: undefined });
});

it('says that anything may have changed where too much did', async () => {
  const stream = watchStream(undefined, async (tell, signal) => {
    for (let id = 0; id < 1001; id += 1) tell(moved(String(id)));
    await untilAborted(signal);
  });
  expect((await stream.next()).value).toEqual({ type: 'unknown' });
  await stream.return();
});

it('stops listening when its reader leaves', async () => {
  let ended = false;
  const events = watchStream(undefined, async (tell, signal) => {
    tell(moved('a'));
    await untilAborted(signal);
    ended = true;
  });
  for await (const _event of events) break;
  expect(ended).toBe(true);
});

it('passes on what listening threw, after what it told', async () => {
  const stream = watchStream(undefined, async (tell) => {
    tell(moved('a'));
    throw new Error('deaf');
  });
  expect((await stream.next()).value).toEqual(moved('a'));
  await expect(stream.next()).rejects.toThrow('deaf');
});

it('tells nothing under a signal that has fired', async () => {
  const stream = watchStream(AbortSignal.abort(), async (tell) => tell(moved('a')));
  expect((await stream.next()).done).toBe(true);
});
