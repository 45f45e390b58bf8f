// Keeps the unchanging claims of the most recent (subject, server) pairs.
import type { Subject } from '../subject.ts';

type Build = (subject: Subject, serverId: string) => string;

/** Remembers what `build` made, for at most `size` pairs; the oldest goes first. Keyed by content, so a changed subject is built anew. */
export function createClaimsCache(size: number, build: Build): Build {
  const entries = new Map<string, string>();
  return (subject, serverId) => {
    const key = JSON.stringify([serverId, subject]);
    const known = entries.get(key);
    if (known !== undefined) return known;
    const made = build(subject, serverId);
    if (entries.size >= size) entries.delete(entries.keys().next().value ?? '');
    if (size > 0) entries.set(key, made);
    return made;
  };
}
