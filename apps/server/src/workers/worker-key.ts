// The signing key of a worker: asked of the primary process, and again every second, so that a rotation reaches every process.
import { isRunlayerError } from '@runlayer/errors';
import type { SigningKey } from '@runlayer/identity-forward';
import { fail } from '../error-codes.ts';
import type { Ask } from './ask-primary.ts';

export interface WorkerKey {
  /** @throws ERR_WORKER_KEY when the primary process has not told it for a minute, or what the primary says of its own key with 503 */
  current(): SigningKey;
  /** Asks no more. */
  stop(): void;
}

interface Moment {
  readonly steady: number;
  readonly wall: number;
}

/** Settings of {@link createWorkerKey}; the defaults are the server's. */
export interface WorkerKeyOptions {
  /** Milliseconds by two clocks: one never jumps, the other also runs while the machine sleeps. Default: the system's. */
  readonly now?: () => Moment;
  /** Milliseconds between questions. Default 1,000. */
  readonly askEveryMs?: number;
}

/**
 * How long a key is used without word from the primary, ms. The primary itself stops after 45 minutes without the database, and a
 * retired key stays published for an hour: with a minute more, and the five that a token lives, nothing alive is unpublished.
 */
const patienceMs = 60_000;

/** Resolves once the first answer is there, also when that is that there is no key. */
export async function createWorkerKey(ask: Ask, { now = systemNow, askEveryMs = 1_000 }: WorkerKeyOptions = {}): Promise<WorkerKey> {
  let key: SigningKey | undefined;
  let fault: Error | undefined;
  let toldAt: Moment = { steady: 0, wall: 0 };
  let asking = false;

  async function renew(): Promise<void> {
    if (asking) return;
    asking = true;
    // An answer is as old as its question: it may have waited.
    const askedAt = now();
    try {
      key = await ask('signingKey', undefined);
      [toldAt, fault] = [askedAt, undefined];
    } catch (error) {
      // What the primary says of the key counts at once; one that is only slow is given time.
      if (isRunlayerError(error)) fault = error;
    } finally {
      asking = false;
    }
  }

  await renew();
  const timer = setInterval(() => void renew(), askEveryMs).unref();
  return {
    current() {
      if (fault !== undefined) throw fault;
      if (key === undefined || elapsed(toldAt, now()) > patienceMs)
        throw fail('ERR_WORKER_KEY', 'This worker process has had no word of the signing key for a minute, so it signs no identity token.');
      return key;
    },
    stop: () => clearInterval(timer),
  };
}

function systemNow(): Moment {
  return { steady: performance.now(), wall: Date.now() };
}

function elapsed(from: Moment, to: Moment): number {
  return Math.max(to.steady - from.steady, to.wall - from.wall);
}
