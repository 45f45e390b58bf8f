// Loads something over and over: one load at a time, at most one a second, with growing pauses while it fails.
import { elapsed } from './elapsed.ts';

/** Milliseconds between the starts of two loads, whoever asks for them; after a failure doubled with each further one. */
export const spacingMs = 1000;
/** The longest pause after failures, in milliseconds. */
export const longestPauseMs = 30_000;
const defaultPatienceMs = 1000;

interface LoaderOptions<Loaded> {
  readonly load: () => Promise<Loaded>;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Resolves after this many milliseconds. */
  readonly wait: (milliseconds: number) => Promise<unknown>;
  /** Milliseconds that {@link Load.soon} lets pass at most. Default: 1000. */
  readonly patienceMs?: number | undefined;
}

/** A load under way. Its promises never reject; all callers that come meanwhile share them. */
export interface Load {
  /** It has ended, well or not. */
  readonly done: Promise<void>;
  /** As `done`, or a second has passed: for who can do without. */
  readonly soon: Promise<void>;
}

/** What {@link createSpacedLoader} makes. */
export interface SpacedLoader<Loaded> {
  /** What the last good load gave, when that load began, and the how-manieth it was. */
  readonly last: { readonly value: Loaded; readonly at: number; readonly start: number } | undefined;
  /** How many loads have begun. */
  readonly starts: number;
  /** Why the last load failed; `undefined` when it did not. */
  readonly failure: { readonly cause: unknown } | undefined;
  /** The load under way. */
  readonly running: Load | undefined;
  /** Whether somebody waits for a load that has not begun. */
  readonly isScheduled: boolean;
  /** The load under way or, when its time has come, a new one. */
  start(): Load | undefined;
  /** Ends with a load that began after this call, for which it waits up to a second; but it waits out no pause after a failure. */
  next(): Promise<void>;
}

/** Keeps the last thing loaded. Loads nothing by itself. */
export function createSpacedLoader<Loaded>({ load, clock, wait, patienceMs }: LoaderOptions<Loaded>): SpacedLoader<Loaded> {
  let last: SpacedLoader<Loaded>['last'];
  let failure: SpacedLoader<Loaded>['failure'];
  let failures = 0;
  let starts = 0;
  let startedAt = Number.NEGATIVE_INFINITY;
  let running: Load | undefined;
  let scheduled: Promise<void> | undefined;

  async function attempt(at: number, start: number): Promise<void> {
    try {
      last = { value: await load(), at, start };
      failures = 0;
      failure = undefined;
    } catch (cause) {
      failures += 1;
      failure = { cause };
    }
    running = undefined;
  }

  function run(): Load {
    startedAt = clock();
    starts += 1;
    const done = attempt(startedAt, starts);
    running = { done, soon: settledWithin(done, patienceMs ?? defaultPatienceMs) };
    return running;
  }

  const rest = (): number => pauseAfter(failures) - elapsed(clock(), startedAt);
  const start = (): Load | undefined => running ?? (rest() <= 0 ? run() : undefined);

  async function runInTurn(): Promise<void> {
    await running?.done;
    const milliseconds = rest();
    const mayWait = failures === 0 || milliseconds <= 0;
    if (mayWait && milliseconds > 0) await wait(milliseconds);
    scheduled = undefined;
    // Whoever started one in the meantime did it for us too.
    if (mayWait) await (running ?? run()).done;
  }

  function next(): Promise<void> {
    // At once where it can be, so that whoever asks in the same moment finds it running.
    if (scheduled === undefined && running === undefined && rest() <= 0) return run().done;
    return (scheduled ??= runInTurn());
  }

  return {
    get last() {
      return last;
    },
    get starts() {
      return starts;
    },
    get failure() {
      return failure;
    },
    get running() {
      return running;
    },
    get isScheduled() {
      return scheduled !== undefined;
    },
    start,
    next,
  };
}

function pauseAfter(failures: number): number {
  return failures === 0 ? spacingMs : Math.min(longestPauseMs, spacingMs * 2 ** (failures - 1));
}

function settledWithin(done: Promise<void>, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    // Cleared, so that it keeps no process alive that the load itself does not.
    void done.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
