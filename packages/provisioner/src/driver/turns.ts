// One verb at a time on one deployment, within this process.

/** How one piece of work takes its turn. */
export interface TurnOptions {
  readonly signal?: AbortSignal | undefined;
  /** Abort the work that runs or waits, and that may be aborted, instead of waiting for it to end by itself. Default false. */
  readonly preempt?: boolean | undefined;
  /** Whether later work that preempts may abort this. Default true. */
  readonly preemptable?: boolean | undefined;
}

/** Serialises work by deployment. Work on different deployments runs side by side. */
export interface Turns {
  /**
   * Runs `work` once no other work on this deployment runs, in the order of the calls.
   * The signal it is given also fires when it is preempted. Rejects with the signal's reason when aborted while waiting.
   */
  take<Result>(deploymentId: string, options: TurnOptions, work: (signal: AbortSignal) => Promise<Result>): Promise<Result>;
}

interface Line {
  tail: Promise<void>;
  waiting: number;
  readonly preemptable: Set<AbortController>;
}

/** Reason of the abort when work is preempted. */
function superseded(): DOMException {
  return new DOMException('The deployment is being destroyed.', 'AbortError');
}

/** Makes a place to queue; one per provisioner. */
export function createTurns(): Turns {
  const lines = new Map<string, Line>();
  return {
    async take(deploymentId, options, work) {
      const line = lines.get(deploymentId) ?? { tail: Promise.resolve(), waiting: 0, preemptable: new Set() };
      lines.set(deploymentId, line);
      if (options.preempt) for (const other of line.preemptable) other.abort(superseded());
      const own = new AbortController();
      if (options.preemptable ?? true) line.preemptable.add(own);
      const signal = options.signal === undefined ? own.signal : AbortSignal.any([options.signal, own.signal]);
      const { promise: left, resolve: leave } = withResolvers();
      const before = line.tail;
      line.tail = before.then(() => left);
      line.waiting += 1;
      try {
        await abortable(before, signal);
        return await work(signal);
      } finally {
        leave();
        line.preemptable.delete(own);
        line.waiting -= 1;
        if (line.waiting === 0) lines.delete(deploymentId);
      }
    },
  };
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** What the promise gives, or a rejection with the signal's reason as soon as it fires. The promise itself goes on. */
export async function abortable<Result>(promise: Promise<Result>, signal: AbortSignal): Promise<Result> {
  signal.throwIfAborted();
  let stop = (): void => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Whether work ended because it was aborted: by this signal, whatever its reason, or by being preempted. */
export function isAbort(error: unknown, signal: AbortSignal): boolean {
  return signal.aborted || (error instanceof Error && error.name === 'AbortError');
}
