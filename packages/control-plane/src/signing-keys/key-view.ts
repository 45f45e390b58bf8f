// A stored key as callers see it: times in words, nothing secret.
import type { KeyRingTiming } from '@runlayer/identity-forward/sign';
import { removalTime, takeoverTime } from '@runlayer/identity-forward/sign';
import type { KeyRow } from './ring-rows.ts';
import { toRingKey } from './ring-rows.ts';
import type { SigningKeyView } from './signing-keys.ts';

/** One of these rows; the others tell when it takes over. */
export function toKeyView(row: KeyRow, rows: readonly KeyRow[], timing: KeyRingTiming): SigningKeyView {
  const takeover = row.state === 'next' ? takeoverTime(rows.map(toRingKey), timing) : row.promotedAt?.getTime();
  return {
    kid: row.kid,
    state: row.state,
    createdAt: row.createdAt.toISOString(),
    publishedAt: row.publishedAt.toISOString(),
    signsFrom: isoOf(takeover),
    retiredAt: isoOf(row.retiredAt?.getTime()),
    removedAt: isoOf(removalTime(toRingKey(row), timing) ?? row.removedAt?.getTime()),
    revokedAt: isoOf(row.revokedAt?.getTime()),
  };
}

function isoOf(time: number | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString();
}
