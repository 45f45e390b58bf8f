// A deployment as callers see it: masked, with the state that was last verified.
import type { Config } from '@runlayer/config-schema';
import type { Issue } from '@runlayer/errors';
import type { Failure, Outputs, Platform } from '@runlayer/provisioner';
import type { Release } from '../releases/release.ts';

/** `null`: it lives. `deleting`: being taken down, also across restarts. `deleted`: nothing is left but the record. */
export type DeletionStatus = null | 'deleting' | 'deleted';

/**
 * What was last verified of it. `starting`: its first release runs, or its container was started again and does not answer yet.
 * `failed`: nothing serves, as the last release failed or the container stopped.
 */
export type DeploymentState = 'never_deployed' | 'starting' | 'serving' | 'failed' | 'deleting' | 'deleted';

/** The image that the next release runs. */
export interface DeploymentImage {
  /** As uploaded, such as `runlayer-local:<id>` or `repository@sha256:…`. */
  readonly reference: string;
  /** What it was found to be: an image id or a digest reference. `null` until resolved. */
  readonly pinned: string | null;
  /** Architecture of the pinned image; `null` until resolved. */
  readonly platform: Platform | null;
}

/** A connector in few words. */
export interface ConnectorSummary {
  readonly id: string;
  readonly name: string;
}

/** A deployment. Times are ISO 8601 UTC. Values of `configuration.env` are `***`. */
export interface Deployment {
  readonly id: string;
  readonly organizationId: string;
  /** UUID that its first connector takes; the audience of its identity tokens. */
  readonly serverId: string;
  readonly name: string;
  /** An emoji, a short name or an image address; chosen by people. */
  readonly icon: string | null;
  /** `null` until a configuration was uploaded. */
  readonly configuration: Config | null;
  readonly image: DeploymentImage | null;
  /** The first `runlayer.yaml`, with its id and platform filled in. */
  readonly templateYaml: string;
  readonly deletionStatus: DeletionStatus;
  readonly state: DeploymentState;
  /** Public address: `<platform>/api/v1/proxy/hosted/<id>`. */
  readonly url: string;
  /** What the target made for it, such as `taskRoleArn`. */
  readonly outputs: Outputs;
  readonly taskRoleArn: string | null;
  /** Oldest first. */
  readonly connectors: readonly ConnectorSummary[];
  /** The newest release, whatever became of it. */
  readonly latestRelease: Release | null;
  /** The release that serves, as last verified. */
  readonly servingReleaseId: string | null;
  /** Why it does not serve now, as last seen at the target; `null` while it serves, and where no look has told. */
  readonly failure: Failure | null;
  /** Why the last attempt to take it down did not end; retried meanwhile. */
  readonly deletionFailure: Failure | null;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** What a check of a `runlayer.yaml` found. */
export interface Validation {
  readonly valid: boolean;
  /** Every fault, one a line, ready to print; left out when valid. */
  readonly error?: string | undefined;
  readonly issues: readonly Issue[];
  readonly warnings: readonly Issue[];
  /** With masked values; left out when invalid. */
  readonly parsedConfig?: Config | undefined;
}

/** Whether it serves, and what its newest release is doing. */
export interface DeploymentStatus {
  readonly deploymentId: string;
  readonly state: DeploymentState;
  /** Why it does not serve now, as last seen at the target; `null` while it serves, and where no look has told. */
  readonly failure: Failure | null;
  readonly deletionStatus: DeletionStatus;
  readonly release: Release | null;
}
