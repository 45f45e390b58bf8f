// What an operator reads.
import type { WireSigningKey } from '@runlayer/api';
import { describe, expect, it } from 'vitest';
import { listText, revokedText, revokeQuestion, rotationText, spanText, timeText, tooSoonText } from './tell.ts';

const now = new Date('2026-11-22T14:20:00.000Z');
const key = (kid: string, state: WireSigningKey['state'], more: Partial<WireSigningKey> = {}): WireSigningKey => ({
  kid,
  state,
  created_at: '2026-11-01T00:00:00.000Z',
  published_at: '2026-11-01T00:00:02.000Z',
  signs_from: null,
  retired_at: null,
  removed_at: null,
  revoked_at: null,
  ...more,
});
const current = key('cur', 'current', { signs_from: '2026-11-22T10:00:00.000Z' });
const next = key('next-one', 'next', { signs_from: '2026-12-22T10:00:00.000Z' });
const retired = key('old', 'retired', { retired_at: '2026-11-22T10:00:00.000Z', removed_at: '2026-11-22T11:00:00.000Z' });
const revoked = key('bad', 'revoked', { revoked_at: '2026-11-22T14:19:59.000Z' });

it.each([
  ['2026-11-22T14:32:10.900Z', '14:32:10 UTC'],
  ['2026-11-23T00:00:00.000Z', '2026-11-23 00:00:00 UTC'],
])('a time: %s as %s', (iso, text) => {
  expect(timeText(iso, now)).toBe(text);
});

it.each([
  [-5, '0 s'],
  [1, '1 s'],
  [89_000, '89 s'],
  [90_000, '2 min'],
  [720_000, '12 min'],
  [5_400_000, '1 h 30 min'],
  [7_200_000, '2 h'],
  [2_592_000_000, '30 days'],
])('a time that is left: %i ms as %s', (milliseconds, text) => {
  expect(spanText(milliseconds)).toBe(text);
});

it('lists keys as a table', () => {
  expect(listText([next, current, retired, revoked, key('gone', 'removed'), key('wish', 'next')], now)).toBe(
    [
      'STATE    KID       WHAT',
      'next     next-one  signs from 2026-12-22 10:00:00 UTC',
      'current  cur       signs since 10:00:00 UTC',
      'retired  old       signed until 10:00:00 UTC, published until 11:00:00 UTC',
      'revoked  bad       revoked 14:19:59 UTC',
      'removed  gone      signed until ?, gone since ?',
      'next     wish      signs when asked to: `keys rotate`',
      '',
    ].join('\n'),
  );
});

describe('a rotation', () => {
  it('says from when the key signs [ID-4]', () => {
    expect(rotationText({ done: false, kid: 'k', at: '2026-11-22T14:32:00.000Z' }, now)).toBe(
      'Key k takes over at 14:32:00 UTC (in 12 min), when every verifier has it.\n',
    );
    expect(rotationText({ done: true, kid: 'k', at: '2026-11-22T14:19:58.000Z' }, now)).toContain('Key k signs since 14:19:58 UTC.');
  });

  it('warns only of a key that was not published long enough [ID-4]', () => {
    const early = key('k', 'current', { published_at: '2026-11-22T14:15:00.000Z', signs_from: '2026-11-22T14:20:00.000Z' });
    expect(tooSoonText(early, 301, now)).toMatch(/^Warning: verifiers that fetched the keys before 14:15:00 UTC do not have key k\./);
    expect(tooSoonText(early, 300, now)).toBeUndefined();
  });
});

describe('a revocation', () => {
  it('asks by what would happen [ID-4]', () => {
    expect(revokeQuestion('cur', current)).toBe(
      'Revoke key cur, which signs now; the next key takes over at once? It cannot be undone. [y/N] ',
    );
    expect(revokeQuestion('who', undefined)).toBe('Revoke key who? It cannot be undone. [y/N] ');
  });

  it('says what signs now and what is still possible for how long [ID-4]', () => {
    const text = revokedText(revoked, [key('bad', 'current')], [next, current], now);
    expect(text).toContain('Key bad is revoked since 14:19:59 UTC');
    expect(text).toContain('Key cur signs now; key next-one is next.');
    expect(text).toContain('at most 10 min');
    expect(revokedText(revoked, [key('bad', 'retired')], [next, current], now)).toContain('Key cur goes on signing');
  });

  it('of a key that is gone changes nothing, and says so', () => {
    expect(revokedText(revoked, [revoked], [], now)).toBe('Key bad was revoked already, 14:19:59 UTC.\n');
    expect(revokedText(key('gone', 'removed', { removed_at: '2026-11-22T09:00:00.000Z' }), [], [], now)).toContain(
      'there is nothing to revoke',
    );
  });
});
