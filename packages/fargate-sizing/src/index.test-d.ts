// Compiled by the typecheck only: what the public types allow, and what they refuse.
import { acceptedSizes, monthlyEstimate, nearestPair, type TaskSize } from './index.ts';

export const near: TaskSize = nearestPair(256, 3072);
export const dollars: number | undefined = monthlyEstimate({ cpu: 256, memoryMiB: 512, platform: 'arm' });

// @ts-expect-error: the platform has no default, because the price depends on it
monthlyEstimate({ cpu: 256, memoryMiB: 512 });
// @ts-expect-error: platforms are x86 and arm
monthlyEstimate({ cpu: 256, memoryMiB: 512, platform: 'amd64' });
// @ts-expect-error: the table cannot be changed
acceptedSizes.push({ cpu: 1, memories: [] });
