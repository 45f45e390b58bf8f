// Appends whole lines to the stored log of a release: numbered, bounded, never changed after.
import { eq, sql } from 'drizzle-orm';
import type { Connection } from '../database/database.ts';
import { releaseLog, releases } from '../schema/index.ts';

/** Lines and bytes that the log of one release may take. */
export const logBounds = { lines: 10_000, bytes: 2 * 1024 * 1024 } as const;
/** Characters kept of one line. */
const longestLine = 8192;
const truncated = 'The log is longer than what is kept: nothing more of this release is stored until its last lines.';

/**
 * Appends lines inside a transaction; the caller holds the release. Beyond {@link logBounds} one line says so and further ones are
 * dropped, except `important` ones, which tell how the release ended.
 */
export async function appendLines(tx: Connection, releaseId: string, texts: readonly string[], { important = true } = {}): Promise<void> {
  const [held] = await tx
    .select({ organizationId: releases.organizationId, lines: releases.logLines, bytes: releases.logBytes })
    .from(releases)
    .where(eq(releases.id, releaseId))
    .for('update');
  if (held === undefined) return;
  const kept = bounded(texts.flatMap(wholeLines), held, important);
  if (kept.length === 0) return;
  const { organizationId } = held;
  await tx.insert(releaseLog).values(kept.map((line, index) => ({ organizationId, releaseId, seq: held.lines + index + 1, line })));
  const bytes = kept.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
  await tx
    .update(releases)
    .set({ logLines: sql`${releases.logLines} + ${kept.length}`, logBytes: sql`${releases.logBytes} + ${bytes}` })
    .where(eq(releases.id, releaseId));
}

/** Lines without their ends and without characters that Postgres or a terminal would choke on. */
export function wholeLines(text: string): readonly string[] {
  return text
    .split(/\r\n|\n|\r|\u2028|\u2029/)
    .map((line) => clean(line).slice(0, longestLine))
    .filter((line) => line.trim() !== '');
}

// eslint-disable-next-line no-control-regex -- escape sequences and control characters are what goes
const unprintable = /\u001b\[[0-?]*[ -/]*[@-~]|[\u0000-\u0008\u000b-\u001f\u007f]/g;

function clean(line: string): string {
  return line.replace(unprintable, '').toWellFormed().trimEnd();
}

function bounded(
  lines: readonly string[],
  held: { readonly lines: number; readonly bytes: number },
  important: boolean,
): readonly string[] {
  if (important) return lines;
  if (isFull(held.lines, held.bytes)) return [];
  const kept: string[] = [];
  let bytes = held.bytes;
  for (const line of lines) {
    kept.push(line);
    bytes += Buffer.byteLength(line) + 1;
    if (isFull(held.lines + kept.length, bytes)) return [...kept, truncated];
  }
  return kept;
}

function isFull(lines: number, bytes: number): boolean {
  return lines >= logBounds.lines || bytes >= logBounds.bytes;
}
