// The story of a deploy.
import { randomUUID } from 'node:crypto';
import { cliError } from '../error-codes.ts';
import type { Project } from '../project/load-project.ts';
import { checkWithServer } from './check-with-server.ts';
import { createRecord, findRecord } from './record.ts';
import { bringsRoles } from './role-outcome.ts';
import { watchRelease, type WatchedRelease, type WatchWorld } from './watch-deployment.ts';
import type { Ended } from './world.ts';

/**
 * Checks, builds, hands over, triggers and follows. The record is made after the build: a file that does not build leaves nothing behind.
 * @throws ERR_CLI_INTERRUPTED on Ctrl-C, with nothing deployed before the trigger
 */
export async function deployProject(project: Project, world: WatchWorld): Promise<Ended> {
  const ids = await startRelease(project, world).catch((error: unknown) => {
    throw world.signal?.aborted === true ? cliError('ERR_CLI_INTERRUPTED', 'Interrupted: nothing was deployed.', { cause: error }) : error;
  });
  return await watchRelease(ids, world);
}

async function startRelease(project: Project, world: WatchWorld): Promise<WatchedRelease> {
  const { client, report, signal } = world;
  await checkWithServer(project, world);
  const existing = await findRecord(project, world);
  const built = project.config.mode === 'build' ? await (await import('./build-image.ts')).buildImage(project, world) : undefined;
  const { id } = existing ?? (await createRecord(project, world));
  const image = built === undefined ? {} : { docker_image: await (await import('./deliver-image.ts')).deliverImage(built, id, world) };
  await report.working('Storing the configuration', () =>
    client.deployments.update(id, { yaml_content: project.text, ...image }, { signal }),
  );
  // One key for all tries: a repeated trigger is the same release.
  const { history_id } = await client.deployments.trigger(id, { idempotencyKey: randomUUID(), signal });
  report.event({ type: 'triggered', deployment_id: id, release_id: history_id });
  return { deploymentId: id, releaseId: history_id, bringsRoles: bringsRoles(project.config, existing) };
}
