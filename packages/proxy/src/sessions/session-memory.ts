// The sessions that this process remembers: found by fingerprint at once, never more than so many.
import { BoundedMap } from './bounded-map.ts';
import type { Session } from './session.ts';

/** A remembered session. */
export interface Remembered extends Session {
  lastUsedAt: number;
  /** When its use was last written down. */
  writtenAt: number;
  /** Until when it holds without looking again, milliseconds since 1970. */
  readonly until: number;
}

/** Sessions under one fingerprint. Ids are random, so more than one route has the same only where ids are not. */
export type Namesakes = readonly Remembered[];

const mostNamesakes = 8;
const nobody: Namesakes = [];

/** Sessions by fingerprint, the least recently used ones forgotten first. */
export class SessionMemory {
  readonly #known: BoundedMap<string, Namesakes>;

  constructor(entries: number) {
    this.#known = new BoundedMap(entries);
  }

  /** How many fingerprints are known. */
  get size(): number {
    return this.#known.size;
  }

  /** All with this fingerprint, of whatever route. */
  namesakes(fingerprint: string): Namesakes {
    return this.#known.get(fingerprint) ?? nobody;
  }

  /** Puts it in the place of the one of the same route. */
  keep(session: Remembered): void {
    const others = this.#others(session);
    this.#known.set(session.fingerprint, [session, ...others.slice(0, mostNamesakes - 1)]);
  }

  /** Forgets the one of this route. */
  drop(session: Pick<Session, 'routeId' | 'fingerprint'>): void {
    const others = this.#others(session);
    if (others.length === 0) this.#known.delete(session.fingerprint);
    else this.#known.set(session.fingerprint, others);
  }

  #others({ routeId, fingerprint }: Pick<Session, 'routeId' | 'fingerprint'>): Namesakes {
    return this.namesakes(fingerprint).filter((known) => known.routeId !== routeId);
  }
}
