// One coarse look at the clock for all connections, in place of a timer for each request. It runs only while something has a deadline.

/** Something that may take too long. */
export interface Watched {
  /** Milliseconds on the clock of `performance.now()`; `Infinity` for none. */
  deadline: number;
  /** Told once its deadline has passed; sets another one or none. */
  expire(now: number): void;
}

/** A look that comes so much too late tells of a process that stood still, milliseconds. */
const stallMs = 250;

/** Watches deadlines. */
export class Deadlines<Each extends Watched> {
  readonly watched: Set<Each> = new Set();
  /** When this process was last seen to have stood still; what took long until then may be its own fault. */
  stalledAt: number = -Infinity;
  #lookedAt = 0;
  readonly #everyMs: number;
  #timer: NodeJS.Timeout | undefined;

  /** @param everyMs between two looks: so much too late may an expiry come */
  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  /** Sets a deadline `afterMs` from now; 0 sets none. */
  set(watched: Each, afterMs: number): void {
    watched.deadline = afterMs === 0 ? Infinity : performance.now() + afterMs;
    if (this.#timer !== undefined || afterMs === 0) return;
    this.#lookedAt = performance.now();
    this.#timer = setInterval(look, this.#everyMs, this).unref();
  }

  look(): void {
    const now = performance.now();
    if (now - this.#lookedAt > this.#everyMs + stallMs) this.stalledAt = now;
    this.#lookedAt = now;
    let waiting = false;
    for (const one of this.watched) {
      if (one.deadline <= now) one.expire(now);
      if (one.deadline !== Infinity) waiting = true;
    }
    if (!waiting) this.stop();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

function look(deadlines: { look(): void }): void {
  deadlines.look();
}
