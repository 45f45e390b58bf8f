// The public surface of @runlayer/fargate-sizing.
export { acceptedSizes, fargateSizes, fargateSizesSource } from './task-sizes.ts';
export type { TaskSize, TaskSizeRow } from './task-sizes.ts';
export { isAccepted, isFargateSize, memoriesFor, nearestPair } from './sizing.ts';
export { fargatePrices, fargatePricesSource, hoursPerMonth, monthlyEstimate } from './monthly-estimate.ts';
export type { EstimateRequest, FargatePrice, Platform } from './monthly-estimate.ts';
