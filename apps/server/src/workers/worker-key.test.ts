// A worker's signing key: it follows the primary, and signs nothing once it cannot know.
import { errorMaker, toProblem } from '@runlayer/errors';
import { controlPlaneErrors } from '@runlayer/control-plane';
import { generateSigningKey } from '@runlayer/identity-forward/sign';
import { afterEach, expect, it } from 'vitest';
import { createAnswer } from './answer-workers.ts';
import { type Ask, createLine } from './ask-primary.ts';
import type { FromWorker } from './messages.ts';
import { createWorkerKey, type WorkerKey } from './worker-key.ts';

const [one, other] = [generateSigningKey(), generateSigningKey()];
const stale = errorMaker(controlPlaneErrors)('ERR_SIGNING_KEYS_STALE', 'The signing keys could not be read for 45 minutes.');
const opened: WorkerKey[] = [];
afterEach(() => opened.splice(0).forEach((key) => key.stop()));

/** A worker whose primary answers as it is told, and whose clocks are moved by hand. */
async function worker(answer: () => unknown) {
  const clock = { steady: 0, wall: 1_000_000 };
  const primary = { answer, asked: 0 };
  const ask = (async () => {
    primary.asked += 1;
    return primary.answer();
  }) as unknown as Ask;
  const key = await createWorkerKey(ask, { now: () => ({ ...clock }), askEveryMs: 1 });
  opened.push(key);
  /** Until the primary has answered what was asked after now. */
  const told = async () => {
    const { asked } = primary;
    await expect.poll(() => primary.asked).toBeGreaterThan(asked + 1);
  };
  return { clock, primary, key, told };
}
const fails = (error: unknown) => () => {
  throw error;
};

it('follows a rotation [ID-4]', async () => {
  const { key, primary, told } = await worker(() => one);
  expect(key.current().kid).toBe(one.kid);
  primary.answer = () => other;
  await told();
  expect(key.current().kid).toBe(other.kid);
});

it('signs no more at once when the primary cannot know its key, and says why [ID-4]', async () => {
  const { key, primary, told } = await worker(() => one);
  primary.answer = fails(stale);
  await told();
  expect(() => key.current()).toThrow(expect.objectContaining({ code: 'ERR_SIGNING_KEYS_STALE', status: 503 }));
  primary.answer = () => other;
  await told();
  expect(key.current().kid).toBe(other.kid);
});

it('waits a minute for a primary that does not answer, and no longer [ID-4]', async () => {
  const { key, primary, clock, told } = await worker(() => one);
  primary.answer = fails(new Error('The primary process did not answer.'));
  await told();
  clock.steady += 59_000;
  expect(key.current().kid).toBe(one.kid);
  clock.steady += 2_000;
  expect(() => key.current()).toThrow(expect.objectContaining({ code: 'ERR_WORKER_KEY', status: 503 }));
});

it('counts the time that the machine slept [ID-4]', async () => {
  const { key, clock } = await worker(() => one);
  clock.wall += 61_000;
  expect(() => key.current()).toThrow(expect.objectContaining({ code: 'ERR_WORKER_KEY' }));
});

it('starts without a key where the primary has none, so that calls without a token work', async () => {
  const { key } = await worker(fails(stale));
  expect(() => key.current()).toThrow(expect.objectContaining({ code: 'ERR_SIGNING_KEYS_STALE' }));
});

it('is told by the primary what that would tell its own caller [ID-4]', async () => {
  const sent: Extract<FromWorker, { type: 'ask' }>[] = [];
  const line = createLine((message) => void (message.type === 'ask' && sent.push(message)));
  const answer = createAnswer({} as never, { signingKeys: { current: fails(stale) } as never });
  const question = line.ask('signingKey', undefined);
  const [asked] = sent;
  if (asked === undefined) throw new Error('nothing was asked');
  // As over the pipe.
  line.heard(JSON.parse(JSON.stringify(await answer(asked))) as never);
  const error = await question.catch((thrown: unknown) => thrown);
  expect(toProblem(error)).toEqual(toProblem(stale));
});
