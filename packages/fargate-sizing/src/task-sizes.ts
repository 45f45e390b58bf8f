// The task sizes of AWS Fargate for Linux, as AWS lists them.

/** The memories that one CPU size may have. */
export interface TaskSizeRow {
  /** CPU units: 1024 are one vCPU. */
  readonly cpu: number;
  /** Memories in MiB, ascending. */
  readonly memories: readonly number[];
}

/** One task size. */
export interface TaskSize {
  /** CPU units: 1024 are one vCPU. */
  readonly cpu: number;
  /** Memory in MiB. */
  readonly memory: number;
}

/** Where {@link fargateSizes} was read, and when (ISO date). */
export const fargateSizesSource: { readonly url: string; readonly readOn: string } = {
  url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html#task_size',
  readOn: '2026-10-01',
};

/**
 * Every CPU and memory pair of Fargate for Linux, ascending. 8192 CPU units and above need platform version 1.4.0.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html#task_size
 */
export const fargateSizes: readonly TaskSizeRow[] = [
  { cpu: 256, memories: [512, 1024, 2048] },
  { cpu: 512, memories: range(1024, 4096, 1024) },
  { cpu: 1024, memories: range(2048, 8192, 1024) },
  { cpu: 2048, memories: range(4096, 16384, 1024) },
  { cpu: 4096, memories: range(8192, 30720, 1024) },
  { cpu: 8192, memories: range(16384, 61440, 4096) },
  { cpu: 16384, memories: range(32768, 122880, 8192) },
  { cpu: 32768, memories: [61440, 122880, 249856] },
];

/**
 * The rows that `runlayer.yaml` accepts: the first five of {@link fargateSizes}, 50 pairs.
 *
 * @see https://docs.runlayer.com/platform-deploy
 */
export const acceptedSizes: readonly TaskSizeRow[] = fargateSizes.slice(0, 5);

function range(first: number, last: number, step: number): number[] {
  return Array.from({ length: (last - first) / step + 1 }, (_, index) => first + index * step);
}
