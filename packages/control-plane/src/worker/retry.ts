// Repeats what failed because the target could not be reached: a few times, further and further apart.

/** The target could not be reached, however often it was tried. */
export class OutOfRetries extends Error {
  override readonly name = 'OutOfRetries';
}

/** How often and how far apart. */
export interface RetryOptions {
  /** Waits before each repetition, ms. */
  readonly delaysMs: readonly number[];
  readonly signal: AbortSignal;
  /** Errors that are thrown as they are. Default: none. */
  readonly isFinal?: ((error: unknown) => boolean) | undefined;
  /** Told before each wait. */
  readonly onRetry: (error: unknown, delayMs: number, attempt: number) => Promise<void>;
}

/** The result of `work`. Throws {@link OutOfRetries} with the last error as its cause; an abort is thrown as it is. */
export async function withRetries<Result>(
  work: () => Promise<Result>,
  { delaysMs, signal, onRetry, isFinal }: RetryOptions,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      if (isFinal?.(error) === true) throw error;
      const delayMs = delaysMs[attempt - 1];
      if (delayMs === undefined) throw new OutOfRetries('the target could not be reached', { cause: error });
      await onRetry(error, delayMs, attempt);
      await pause(delayMs, signal);
    }
  }
}

/** Waits, or throws the signal's reason as soon as it is aborted. */
export async function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, delayMs);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done, { once: true });
  });
  signal.throwIfAborted();
}
