// A release as callers see it: one attempt to bring a deployment to a configuration and an image.
import type { Config } from '@runlayer/config-schema';
import type { Failure } from '@runlayer/provisioner';
import type { Actor } from '../principal.ts';

/** `cancelled`: the deployment was destroyed meanwhile. */
export type ReleaseStatus = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';

/** A release. What it deploys never changes; only its progress does. Times are ISO 8601 UTC. */
export interface Release {
  readonly id: string;
  readonly deploymentId: string;
  readonly organizationId: string;
  /** Counts the releases of one deployment from 1. */
  readonly number: number;
  readonly requestId: string;
  readonly status: ReleaseStatus;
  /** Values of `env` are `***`. */
  readonly configuration: Config;
  /** As uploaded; `pinnedImage` is what it was found to be. */
  readonly image: string;
  readonly pinnedImage: string | null;
  /** Why it failed; free of the values of `env`. */
  readonly failure: Failure | null;
  /** Release that goes on serving after this one failed. */
  readonly stillServing: string | null;
  readonly createdBy: Actor;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

/** The stored log of a release: only ever grows, whole lines only. */
export interface ReleaseLog {
  readonly releaseId: string;
  /** Lines joined by `\n`, with none at the end: the published client counts pieces. */
  readonly text: string;
  /** How many lines the release has by now, those before `after` included. */
  readonly lines: number;
}
