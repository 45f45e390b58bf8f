// The verbs of deployments: create, check, upload, release, read, destroy.
import type { LogLine, LogOptions } from '@runlayer/provisioner';
import type { Page, PageRequest } from '../page.ts';
import type { Principal } from '../principal.ts';
import type { Release } from '../releases/release.ts';
import type { Deployment, DeploymentStatus, Validation } from './deployment.ts';

/**
 * Manages deployments. Every verb throws `ERR_FORBIDDEN` when the role lacks the right, and `ERR_DEPLOYMENT_NOT_FOUND`
 * for an id that is unknown, of another organization, or no UUID.
 */
export interface Deployments {
  /** Makes the record. `name` is `[a-z0-9_-]+`, at most 63 characters. Throws `ERR_DEPLOYMENT_NAME_INVALID`, `ERR_INPUT_INVALID`. */
  create(principal: Principal, input: { readonly name: string; readonly icon?: string | null | undefined }): Promise<Deployment>;
  /** Also a deleted one. */
  get(principal: Principal, id: string): Promise<Deployment>;
  /** Newest first; deleted ones are left out unless asked for. */
  list(principal: Principal, page?: PageRequest & { readonly includeDeleted?: boolean | undefined }): Promise<Page<Deployment>>;
  /** Checks a file against the schema and this platform's target; stores nothing. */
  validate(principal: Principal, yaml: string): Promise<Validation>;
  /**
   * Stores the configuration and image that the next release takes.
   * Throws `ERR_CONFIG_INVALID` with every issue, `ERR_DEPLOYMENT_ID_MISMATCH`, `ERR_DEPLOYMENT_IMAGE_MISSING`,
   * `ERR_DEPLOYMENT_IMAGE_INVALID`, `ERR_DEPLOYMENT_UNSUPPORTED`, `ERR_DEPLOYMENT_DELETED`.
   */
  update(
    principal: Principal,
    id: string,
    input: { readonly yaml: string; readonly dockerImage?: string | undefined },
  ): Promise<Deployment>;
  /** Changes the name or icon. */
  rename(
    principal: Principal,
    id: string,
    input: { readonly name?: string | undefined; readonly icon?: string | null | undefined },
  ): Promise<Deployment>;
  /** The stored configuration as `runlayer.yaml`, `${NAME}` in place of the values of `env`; right after `create` the template. */
  exportYaml(principal: Principal, id: string): Promise<string>;
  /**
   * Stores an immutable release and answers at once; the worker runs it. The same `idempotencyKey` gives the same release.
   * Throws `ERR_RELEASE_IN_PROGRESS` (with who and since when), `ERR_DEPLOYMENT_DELETED`, `ERR_DEPLOYMENT_NOT_CONFIGURED`.
   */
  trigger(principal: Principal, id: string, options?: { readonly idempotencyKey?: string | undefined }): Promise<Release>;
  /** Whether it serves, and the newest release. */
  status(principal: Principal, id: string): Promise<DeploymentStatus>;
  /** Lines of the container as the target keeps them, with the values of `env` redacted. */
  logs(principal: Principal, id: string, options?: LogOptions): AsyncIterable<LogLine>;
  /**
   * Starts taking down everything it made, and answers at once; repeated calls are harmless.
   * Throws `ERR_DEPLOYMENT_HAS_CONNECTORS` with `data.connectors` unless `deleteConnectors`, which takes the right to delete them.
   */
  destroy(principal: Principal, id: string, options?: { readonly deleteConnectors?: boolean | undefined }): Promise<Deployment>;
}
