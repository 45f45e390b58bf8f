// Follows the newest release of a deployment to its end.
import { cliError } from '../error-codes.ts';
import { followRelease } from './follow-release.ts';
import { releaseFailure, servingOutcome } from './outcome.ts';
import { refuseDeleted } from './refuse-deleted.ts';
import type { DeployWorld, Ended } from './world.ts';

/** How long to watch. */
export interface WatchWorld extends DeployWorld {
  readonly timeoutSeconds: number;
}

/** Follows what was started last. @throws ERR_CLI_NO_RELEASE, ERR_CLI_RELEASE_FAILED and what `followRelease` throws */
export async function watchDeployment(id: string, world: WatchWorld): Promise<Ended> {
  const { client, signal } = world;
  const record = await client.deployments.get(id, { signal });
  refuseDeleted(record);
  const releaseId = record.latest_history_id;
  if (typeof releaseId !== 'string') throw cliError('ERR_CLI_NO_RELEASE', `The deployment ${record.name} (${id}) has had no release yet.`);
  return await watchRelease({ deploymentId: id, releaseId }, world);
}

/** Which release, and whether it brings roles that need a trust policy: by default the first release does. */
export interface WatchedRelease {
  readonly deploymentId: string;
  readonly releaseId: string;
  readonly bringsRoles?: boolean;
}

/** Follows one release. @throws ERR_CLI_RELEASE_FAILED when it does not end well */
export async function watchRelease({ bringsRoles, ...ids }: WatchedRelease, world: WatchWorld): Promise<Ended> {
  const { client, report, timeoutSeconds } = world;
  const release = await report.working('Releasing', () => followRelease({ ...ids, timeoutSeconds }, world));
  if (release.status !== 'succeeded') throw releaseFailure(release);
  const record = await client.deployments.get(ids.deploymentId);
  return await servingOutcome(record, release, client.host, bringsRoles ?? release.number === 1);
}
