// The waits between the tries of a call, and how many there are.
import { expect, it } from 'vitest';
import { retryStrategy } from './retry-strategy.ts';

const strategy = retryStrategy({ maxAttempts: 8, retryDelayMs: 1000 }, () => 1);

/** Waits before each repeat of a call that goes wrong for ever, milliseconds. */
async function waitsOf(errorType: 'THROTTLING' | 'TRANSIENT' | 'SERVER_ERROR' | 'CLIENT_ERROR'): Promise<number[]> {
  const waits: number[] = [];
  let token = await strategy.acquireInitialRetryToken('');
  try {
    for (;;) {
      token = await strategy.refreshRetryTokenForRetry(token, { errorType });
      waits.push(token.getRetryDelay());
    }
  } catch {
    return waits;
  }
}

it.each([
  ['THROTTLING', [1000, 2000, 4000, 8000, 16_000, 20_000, 20_000]],
  ['TRANSIENT', [50, 100, 200, 400, 800, 1600, 3200]],
  ['SERVER_ERROR', []],
  ['CLIENT_ERROR', []],
] as const)('repeats what ends as %s, each time after at most twice the wait [AWS-4]', async (errorType, waits) => {
  expect(await waitsOf(errorType)).toEqual(waits);
});

it('goes on repeating however many other calls of the client went wrong before [AWS-4]', async () => {
  for (let call = 0; call < 1000; call += 1) await waitsOf('THROTTLING');
  expect(await waitsOf('THROTTLING')).toHaveLength(7);
});

it('waits for as long as AWS asks, up to half a minute', async () => {
  const token = await strategy.acquireInitialRetryToken('');
  const after = async (seconds: number): Promise<number> => {
    const retryAfterHint = new Date(Date.now() + seconds * 1000);
    return (await strategy.refreshRetryTokenForRetry(token, { errorType: 'THROTTLING', retryAfterHint })).getRetryDelay();
  };
  expect(await after(10)).toBeGreaterThan(9000);
  expect(await after(3600)).toBe(30_000);
});

it('waits a random part of the time, so that many do not come back at once', async () => {
  const half = retryStrategy({ maxAttempts: 3, retryDelayMs: 1000 }, () => 0.5);
  const token = await half.refreshRetryTokenForRetry(await half.acquireInitialRetryToken(''), { errorType: 'THROTTLING' });
  expect(token.getRetryDelay()).toBe(500);
});
