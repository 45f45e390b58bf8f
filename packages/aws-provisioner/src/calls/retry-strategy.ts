// When a call is sent again that AWS throttled, failed, or did not answer. The SDK's own strategy gives up a call at its first fault
// once some twenty others of the same client had to be repeated: a busy hour of AWS would end deployments that only had to wait.
import type { ECSClientConfig } from '@aws-sdk/client-ecs';
import type { Settings } from '../options.ts';

type Strategy = Extract<NonNullable<ECSClientConfig['retryStrategy']>, { acquireInitialRetryToken: unknown }>;
type Token = Awaited<ReturnType<Strategy['acquireInitialRetryToken']>>;

/** Longest wait before a repeat, milliseconds; the same as that of the SDK. */
const longestDelayMs = 20_000;

/** Longest that AWS itself can make us wait by a header, milliseconds. */
const longestHintMs = 30_000;

/** What was throttled waits this much longer than what merely failed, as in the SDK. */
const throttledFactor = 20;

/**
 * Repeats what may succeed, at most `maxAttempts` times in all, each time after a random part of a wait that doubles.
 * What counts as throttled or passing is the SDK's judgement.
 *
 * @param random Gives numbers from 0 up to 1.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
export function retryStrategy(
  { maxAttempts, retryDelayMs }: Pick<Settings, 'maxAttempts' | 'retryDelayMs'>,
  random: () => number = Math.random,
): Strategy {
  return {
    acquireInitialRetryToken: async () => token(0, 0),
    async refreshRetryTokenForRetry(last, { errorType, retryAfterHint }) {
      const count = last.getRetryCount() + 1;
      const isPassing = errorType === 'THROTTLING' || errorType === 'TRANSIENT';
      if (!isPassing || count >= maxAttempts) throw new Error('It is not tried again.');
      const base = errorType === 'THROTTLING' ? retryDelayMs : retryDelayMs / throttledFactor;
      const delay = random() * Math.min(base * 2 ** (count - 1), longestDelayMs);
      const hinted = retryAfterHint === undefined ? 0 : retryAfterHint.getTime() - Date.now();
      return token(count, Math.max(delay, Math.min(hinted, longestHintMs)));
    },
    recordSuccess() {},
  };
}

function token(count: number, delayMs: number): Token {
  return { getRetryCount: () => count, getRetryDelay: () => delayMs };
}
