// What the steps of a deploy work with.
import type { RunlayerClient } from '@runlayer/api/client';
import type { Report } from '../output/report.ts';

/** Server, output, and the wish to stop. */
export interface DeployWorld {
  readonly client: RunlayerClient;
  readonly report: Report;
  /** Aborted by the first Ctrl-C. */
  readonly signal?: AbortSignal | undefined;
}

/** How an undertaking ended: for programs and for people. */
export interface Ended {
  readonly value: Readonly<Record<string, unknown>>;
  readonly text: string;
}
