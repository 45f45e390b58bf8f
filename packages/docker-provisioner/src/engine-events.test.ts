import { expect, it } from 'vitest';
import { isWatched, readEvents } from './engine-events.ts';

async function read(chunks: readonly (Buffer | string)[]): Promise<unknown[]> {
  const events: unknown[] = [];
  for await (const event of readEvents(
    (async function* () {
      yield* chunks;
    })(),
  )) {
    events.push(event);
  }
  return events;
}

const die = { Type: 'container', Action: 'die', Actor: { ID: 'c1', Attributes: { name: 'é' } } };

it('reads events wherever the stream is cut', async () => {
  const bytes = Buffer.from(`${JSON.stringify(die)}\n${JSON.stringify(die)}\n`);
  for (let cut = 0; cut <= bytes.length; cut += 1) expect(await read([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual([die, die]);
});

it.each(['', 'null', '{', '7', '{"Type":3}', '{"Type":"container"}'])('leaves out the line %j', async (line) => {
  expect(await read([`${line}\n`, `${JSON.stringify(die)}\n`])).toEqual([die]);
});

it('fills in what an event leaves out', async () => {
  expect(await read(['{"Type":"network","Action":"connect"}\n'])).toEqual([
    { Type: 'network', Action: 'connect', Actor: { ID: '', Attributes: {} } },
  ]);
});

it('gives up on a line without end', async () => {
  await expect(read(['x'.repeat(5 * 1024 ** 2)])).rejects.toThrow(RangeError);
});

it.each([
  ['die', true],
  ['health_status: unhealthy', true],
  ['exec_start: cat /proc', false],
  ['top', false],
])('watches %s: %j', (Action, expected) => {
  expect(isWatched({ Action })).toBe(expected);
});
