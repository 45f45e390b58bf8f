// Loads what a release needs to run: its row, its deployment, its values, and the redactor that hides them.
import { eq } from 'drizzle-orm';
import type { Context } from '../context.ts';
import type { DeploymentRow } from '../deployments/deployment-rows.ts';
import { openEnv } from '../deployments/sealed-env.ts';
import { LeaseLost } from '../jobs/lease.ts';
import type { HeldLease } from '../jobs/hold-lease.ts';
import { redactorOf } from '../redaction/redactor-of.ts';
import type { Redactor } from '../redaction/redactor.ts';
import type { ReleaseRow } from '../releases/release-view.ts';
import { deployments, releases } from '../schema/index.ts';

/** A release in hand. */
export interface RunningRelease {
  readonly row: ReleaseRow;
  readonly deployment: DeploymentRow;
  readonly env: Readonly<Record<string, string>>;
  readonly redact: Redactor;
}

/** Marks the release as running; its values stay sealed. */
export async function loadRelease(context: Context, lease: HeldLease): Promise<Pick<RunningRelease, 'row' | 'deployment'>> {
  return lease.fenced(async (tx) => {
    const id = lease.job.releaseId ?? '';
    const [found] = await tx.select().from(releases).where(eq(releases.id, id));
    const [owner] = await tx.select().from(deployments).where(eq(deployments.id, lease.job.deploymentId));
    if (found === undefined || owner === undefined) throw new LeaseLost(`release ${id} is gone`);
    const running = { status: 'running', startedAt: found.startedAt ?? context.now() } as const;
    await tx.update(releases).set(running).where(eq(releases.id, id));
    return { row: { ...found, ...running }, deployment: owner };
  });
}

/** Opens its values. Throws `ERR_SEAL_BROKEN`, `ERR_SEAL_KEY_WRONG`. */
export function openRelease(context: Context, { row, deployment }: Pick<RunningRelease, 'row' | 'deployment'>): RunningRelease {
  const env = openEnv(context, row.sealedEnv, { of: 'release', id: row.id });
  return { row, deployment, env, redact: redactorOf(context, deployment.id, Object.values(env)) };
}
