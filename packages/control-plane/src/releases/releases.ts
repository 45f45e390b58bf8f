// The verbs of releases: reading them, their history and their logs.
import type { Page, PageRequest } from '../page.ts';
import type { Principal } from '../principal.ts';
import type { Release, ReleaseLog } from './release.ts';

/** Reads releases. Every verb throws `ERR_FORBIDDEN` when the role lacks the right. */
export interface Releases {
  /** One release. Throws `ERR_RELEASE_NOT_FOUND`. */
  get(principal: Principal, releaseId: string): Promise<Release>;
  /** Releases of a deployment, newest first. Throws `ERR_DEPLOYMENT_NOT_FOUND`. */
  list(principal: Principal, deploymentId: string, page?: PageRequest): Promise<Page<Release>>;
  /** The log, or what came after line `after` (a count of lines, default 0). Throws `ERR_RELEASE_NOT_FOUND`. */
  log(principal: Principal, releaseId: string, options?: { readonly after?: number | undefined }): Promise<ReleaseLog>;
}
