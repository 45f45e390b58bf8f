import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProxyRoute } from '../route.ts';
import { createEventIdScan } from './event-id-scan.ts';
import { createEventIds } from './event-ids.ts';

const gone = expect.objectContaining({ code: 'ERR_PROXY_SESSION', status: 404 });
const notes = { id: 'notes' } as ProxyRoute;
const mail = { id: 'mail' } as ProxyRoute;

/** Every id that is found when a stream comes in these pieces. */
function ids(...pieces: readonly string[]): string[] {
  const found: string[] = [];
  const scan = createEventIdScan((id) => void found.push(id));
  for (const piece of pieces) scan(Buffer.from(piece));
  return found;
}

describe('createEventIdScan', () => {
  it.each([
    ['id: a\ndata: x\n\nid:b\n\n', ['a', 'b']],
    ['data: x\r\nid: a b \r\n\r\n', ['a b ']],
    ['data: x\rid: a\r\rid: b\r', ['a', 'b']],
    ['data: id: a\n: id: b\nvalid: c\n id: d\nid\nid:\n', []],
    ['data: {"id":1}\ndata: x id:y\n', []],
    [`id: ${'x'.repeat(256)}\nid: ${'y'.repeat(257)}\nid: z\n`, ['x'.repeat(256), 'z']],
    ['id: unfinished', []],
  ])('finds in %j %j', (text, found) => {
    expect(ids(text)).toEqual(found);
  });

  it('finds the same ids however the bytes are cut', () => {
    const piece = fc.constantFrom('id', ':', ' ', 'id: ', 'x', '\n', '\r', '\r\n', 'data: ', 'i', 'd', 'y'.repeat(130));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.array(fc.nat(), { maxLength: 8 }), (parts, cuts) => {
        const text = parts.join('');
        const at = [...new Set([0, ...cuts.map((cut) => cut % (text.length + 1)), text.length])].sort((a, b) => a - b);
        expect(ids(...at.slice(1).map((end, index) => text.slice(at[index], end)))).toEqual(lineByLine(text));
      }),
      { numRuns: 500 },
    );
  });

  it('keeps nothing of a chunk that ends between lines', () => {
    const scan = createEventIdScan(() => {});
    expect(() => {
      for (let count = 0; count < 10_000; count += 1) scan(Buffer.alloc(10_000, 'x'));
    }).not.toThrow();
    expect(ids('x'.repeat(100_000), '\nid: a\n')).toEqual(['a']);
  });
});

/** The same, read in the plain way. */
function lineByLine(text: string): string[] {
  return text
    .split(/\r\n|\n|\r/)
    .slice(0, -1)
    .filter((line) => line.startsWith('id:'))
    .map((line) => line.slice(3).replace(/^ /, ''))
    .filter((id) => id !== '' && id.length <= 256);
}

describe('createEventIds', () => {
  /** Ids, after each of these was sent `id`. */
  function sent(id: string, ...to: readonly [ProxyRoute, string][]) {
    const known = createEventIds();
    for (const [route, principal] of to) known.watch(route, principal)(Buffer.from(`id: ${id}\ndata: x\n\n`));
    return known;
  }

  it('lets everybody go on after an event of their own', () => {
    const known = sent('event-a', [notes, 'user:ada']);
    expect(() => known.check(notes, 'user:ada', 'event-a')).not.toThrow();
  });

  it('answers 404 to an event of somebody else, and of another route', () => {
    const known = sent('event-a', [notes, 'user:ada']);
    expect(() => known.check(notes, 'user:bob', 'event-a')).toThrow(gone);
    expect(() => known.check(mail, 'user:ada', 'event-a')).toThrow(gone);
  });

  it('passes on what nobody is known to have been sent', () => {
    expect(() => sent('event-a', [notes, 'user:ada']).check(notes, 'user:bob', 'event-b')).not.toThrow();
  });

  it('tells the events of one route apart by number, and takes a number of another route for unknown', () => {
    const known = sent('5', [notes, 'user:ada'], [notes, 'user:eve']);
    expect(() => known.check(notes, 'user:ada', '5')).not.toThrow();
    expect(() => known.check(notes, 'user:bob', '5')).toThrow(gone);
    expect(() => known.check(mail, 'user:bob', '5')).not.toThrow();
  });

  it('takes an id that many were sent for the number of an event in each of their sessions', () => {
    const known = sent('5', [notes, 'user:a'], [notes, 'user:b'], [notes, 'user:c'], [notes, 'user:d']);
    expect(() => known.check(notes, 'user:bob', '5')).not.toThrow();
  });

  it('remembers no more than it is told', () => {
    const known = createEventIds(100);
    const see = known.watch(notes, 'user:ada');
    for (let count = 0; count < 1_000; count += 1) see(Buffer.from(`id: event-${count}\n\n`));
    expect(known.size).toBe(100);
    expect(() => known.check(notes, 'user:bob', 'event-999')).toThrow(gone);
    expect(() => known.check(notes, 'user:bob', 'event-899')).not.toThrow();
  });
});
