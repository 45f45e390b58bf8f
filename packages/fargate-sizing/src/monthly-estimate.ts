// What a task size costs a month, from a table of prices with its source and date.

/** On-demand prices in US dollars of one region and CPU architecture. */
export interface FargatePrice {
  /** For one vCPU during one hour. */
  readonly vcpuHour: number;
  /** For one GB of memory during one hour. */
  readonly gbHour: number;
}

/** The CPU architectures of `runlayer.yaml`. */
export type Platform = 'x86' | 'arm';

/** Where {@link fargatePrices} was read, and when (ISO date). */
export const fargatePricesSource: { readonly url: string; readonly readOn: string } = {
  url: 'https://aws.amazon.com/fargate/pricing/',
  readOn: '2026-03-10',
};

/**
 * On-demand prices for Linux in US dollars, by region.
 *
 * @see https://aws.amazon.com/fargate/pricing/
 */
export const fargatePrices: Readonly<Record<string, Readonly<Record<Platform, FargatePrice>>>> = {
  'us-east-1': {
    x86: { vcpuHour: 0.04048, gbHour: 0.004445 },
    arm: { vcpuHour: 0.03238, gbHour: 0.00356 },
  },
};

/** Hours in a month, as the AWS pricing calculator counts them: 365 × 24 / 12. */
export const hoursPerMonth = 730;

/** What {@link monthlyEstimate} is asked about. */
export interface EstimateRequest {
  /** CPU units: 1024 are one vCPU. */
  readonly cpu: number;
  /** Memory in MiB; AWS bills 1024 MiB as one GB. */
  readonly memoryMiB: number;
  readonly platform: Platform;
  /** Default: `us-east-1`. */
  readonly region?: string;
  /** Tasks running all month. Default: 1. */
  readonly replicas?: number;
}

/**
 * What such tasks cost in US dollars a month, rounded to the cent; `undefined` for a region without a price in {@link fargatePrices}.
 * On-demand compute only: without storage above 20 GB, traffic, logs, taxes and discounts.
 *
 * @example
 * monthlyEstimate({ cpu: 256, memoryMiB: 512, platform: 'arm' }); // 7.21
 */
export function monthlyEstimate({ cpu, memoryMiB, platform, region = 'us-east-1', replicas = 1 }: EstimateRequest): number | undefined {
  const price = Object.hasOwn(fargatePrices, region) ? fargatePrices[region]?.[platform] : undefined;
  if (price === undefined) return undefined;
  const perHour = (cpu / 1024) * price.vcpuHour + (memoryMiB / 1024) * price.gbHour;
  return Math.round(perHour * hoursPerMonth * replicas * 100) / 100;
}
