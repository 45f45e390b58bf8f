// Brings a release to its target: image, plan, apply. Safe to repeat from the start.
import { resolvePlatform } from '@runlayer/config-schema';
import type { ApplyEvent, Failure, Plan, Platform } from '@runlayer/provisioner';
import { eq } from 'drizzle-orm';
import type { Context } from '../context.ts';
import type { HeldLease } from '../jobs/hold-lease.ts';
import { releases } from '../schema/index.ts';
import type { Pinned } from '../deployments/image-reference.ts';
import { workloadSpec } from '../workload/workload-spec.ts';
import { imageMissing, wrongArchitecture } from './failures.ts';
import { drainSessions } from './drain-sessions.ts';
import { moveRoutes } from './move-routes.ts';
import type { RunningRelease } from './open-release.ts';
import type { ReleaseLogWriter } from './release-log-writer.ts';
import type { WorkerSettings } from './settings.ts';

/** How a delivery ended. `touched`: the target was changed, so what served before may not serve any more. */
export type Outcome =
  | Extract<ApplyEvent, { type: 'serving' }>
  | { readonly type: 'failed'; readonly failure: Failure; readonly touched: boolean; readonly stillServing: string | undefined };

/** Throws when the target or the place of the image cannot be reached. */
export async function deliver(
  context: Context,
  lease: HeldLease,
  release: RunningRelease,
  log: ReleaseLogWriter,
  settings: Pick<WorkerSettings, 'pollMs' | 'drainMs'>,
): Promise<Outcome> {
  const pinned = await pin(context, lease, release, log);
  if ('code' in pinned) return untouched(pinned);
  const { row, deployment, env } = release;
  const spec = workloadSpec(context, {
    id: row.id,
    deploymentId: deployment.id,
    serverId: deployment.serverId,
    name: deployment.name,
    config: row.config,
    env,
    ...pinned,
  });
  const plan = await context.provisioner.plan(spec, { signal: lease.signal });
  await log.write(planLine(plan));
  if (plan.blocker !== undefined) return untouched(plan.blocker);
  for await (const event of context.provisioner.apply(spec, { signal: lease.signal })) {
    if (event.type === 'serving') return event;
    if (event.type === 'failed') return { type: 'failed', failure: event.failure, touched: true, stillServing: event.stillServing };
    // Nobody is routed to a deployment that never served.
    const isMove = event.type === 'step' && event.endpoints !== undefined && deployment.servingReleaseId !== null;
    if (isMove) {
      await moveRoutes(context, lease, deployment.id, settings);
      await drainSessions(context, { ...deployment, signal: lease.signal, drainMs: settings.drainMs, log });
    }
    await log.write(event.type === 'step' ? event.message : event.line);
  }
  throw new Error('the target ended without saying how');
}

/** The image by id or digest, of the architecture that the file states. Found once, then kept with the release. */
async function pin({ images }: Context, lease: HeldLease, { row }: RunningRelease, log: ReleaseLogWriter): Promise<Pinned | Failure> {
  const known =
    row.pinnedImage === null || row.imagePlatform === null ? undefined : { image: row.pinnedImage, platform: row.imagePlatform };
  const found =
    known ?? (await images.resolve(row.imageReference, { signal: lease.signal, platform: resolvePlatform(row.config).platform }));
  if (found === undefined) return imageMissing(row.imageReference);
  await log.write(`Image ${row.imageReference} is ${found.image} (${found.platform}).`);
  if (known === undefined) {
    const columns = { pinnedImage: found.image, imagePlatform: found.platform };
    await lease.fenced((tx) => tx.update(releases).set(columns).where(eq(releases.id, row.id)).execute());
  }
  return refused(row.config, found.platform) ?? found;
}

function refused(config: RunningRelease['row']['config'], built: Platform): Failure | undefined {
  const { platform, stated } = resolvePlatform(config);
  return stated && platform !== undefined && platform !== built ? wrongArchitecture(built, platform) : undefined;
}

function untouched(failure: Failure): Outcome {
  return { type: 'failed', failure, touched: false, stillServing: undefined };
}

function planLine({ action, changes }: Plan): string {
  if (action === 'none') return 'Plan: nothing to change.';
  const fields = changes.map(({ field }) => field);
  return fields.length === 0 || action === 'create' ? `Plan: ${action}.` : `Plan: ${action} (${fields.join(', ')}).`;
}
