// What a client must be able to do through the proxy. Each is proved against what the server saw, not only what came back.
import { waitFor } from '@runlayer/local-platform';
import { expect } from 'vitest';
import type { Scene } from './scene.ts';
import { modelAnswer, userAnswer } from './session.ts';

export type Capability = (scene: Scene) => Promise<void>;

async function listsAndCalls({ general, stage }: Scene): Promise<void> {
  const [name, args, answer] = stage.call;
  expect(await general.tools()).toEqual(expect.arrayContaining([...stage.listed]));
  expect(await general.call(name, args)).toContain(answer);
}

/** The server sends a step only when the one before was seen here, so steps that were held back would never end. */
async function seesProgress({ steps, upstream, label }: Scene): Promise<void> {
  const call = label();
  const seen: (number | string)[] = [];
  const onProgress = (step: number): void => {
    seen.push(step);
    void upstream.ledger(call, `open/${step}`);
  };
  seen.push(await steps.call('steps', { label: call, count: 5 }, { onProgress }));
  expect(seen).toEqual([1, 2, 3, 4, 5, `${call}: all 5 steps`]);
}

async function cancels({ steps, upstream, label }: Scene): Promise<void> {
  const call = label();
  const cancel = new AbortController();
  const calling = steps.call('steps', { label: call, count: 2 }, { signal: cancel.signal });
  const ended = expect(calling).rejects.toThrow();
  await upstream.until(call, 'the first step', ({ sent }) => sent === 1);
  cancel.abort();
  await ended;
  expect(await upstream.until(call, 'the cancelling', ({ state }) => state !== 'running')).toMatchObject({ state: 'cancelled' });
  const after = label();
  await upstream.ledger(after, 'open/1');
  expect(await steps.call('steps', { label: after, count: 1 })).toContain(after);
}

async function answersForItsModel({ general, stage }: Scene): Promise<void> {
  expect(await general.call(...stage.asksModel)).toContain(modelAnswer);
}

async function answersForItsUser({ general, stage }: Scene): Promise<void> {
  expect(await general.call(...stage.asksUser)).toContain(userAnswer);
}

async function hears({ steps, upstream, label }: Scene): Promise<void> {
  const call = label();
  await steps.call('steps', { label: call, count: 0 });
  await upstream.until(call, 'the open stream', ({ listening }) => listening === true);
  await upstream.ledger(call, 'announce');
  await waitFor(`${call} being heard`, () => steps.heard.includes(call) || undefined);
  expect(steps.heard.filter((text) => text === call)).toHaveLength(1);
}

/** Steps 1 and 2 arrive, the connection is cut, 3 is sent while nobody listens or soon after, 4 and the result later. */
async function resumes({ upstream, label, behindRelay }: Scene): Promise<void> {
  const { client, relay } = await behindRelay();
  const call = label();
  const seen: number[] = [];
  const calling = client.call('steps', { label: call, count: 4 }, { onProgress: (step) => seen.push(step) });
  // A failure is reported below; until then it must not count as unhandled.
  calling.catch(() => undefined);
  await upstream.until(call, 'the first step', ({ sent }) => sent === 1);
  await upstream.ledger(call, 'open/1');
  await relay.passed('"progress":2');
  relay.cut();
  await upstream.ledger(call, 'open/2');
  await Promise.race([
    upstream.until(call, 'the return of the client', ({ resumptions = 0, sent }) => resumptions > 0 && sent === 3),
    calling,
  ]);
  await upstream.ledger(call, 'open/3');
  await upstream.until(call, 'the last step', ({ sent }) => sent === 4);
  if (client.silent !== true) await waitFor('the last step being seen', () => seen.includes(4) || undefined);
  await upstream.ledger(call, 'open/4');
  expect(await calling).toBe(`${call}: all 4 steps`);
  expect(seen).toEqual(client.silent === true ? [] : [1, 2, 3, 4]);
  expect(await upstream.ledger(call)).toMatchObject({ runs: 1, state: 'finished' });
  await client.close();
  await relay.close();
}

async function endsItsSession({ upstream, label, behindRelay }: Scene): Promise<void> {
  const call = label();
  const { client, relay } = await behindRelay();
  await client.call('steps', { label: call, count: 0 });
  expect(await upstream.ledger(call)).toMatchObject({ alive: true });
  await client.close();
  await upstream.until(call, 'the end of the session', ({ alive }) => alive === false);
  await relay.close();
}

export const capabilities = {
  'lists and calls tools': listsAndCalls,
  'sees progress while the call runs': seesProgress,
  'cancels a call, and the server learns it': cancels,
  'lends the server its model': answersForItsModel,
  'lets the server ask its user': answersForItsUser,
  'hears what is told outside of calls': hears,
  'gets the one result of a call whose connection was cut': resumes,
  'ends its session': endsItsSession,
} as const satisfies Record<string, Capability>;

export type CapabilityName = keyof typeof capabilities;
