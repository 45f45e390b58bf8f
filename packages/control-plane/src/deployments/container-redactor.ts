// Takes the values of variables out of what a container of a deployment wrote.
import { eq } from 'drizzle-orm';
import type { Context } from '../context.ts';
import { redactorOf } from '../redaction/redactor-of.ts';
import type { Redactor } from '../redaction/redactor.ts';
import { releases } from '../schema/index.ts';
import type { DeploymentRow } from './deployment-rows.ts';
import { openEnv } from './sealed-env.ts';

/** Hides what was uploaded last and what the serving release has: the container may still run with those. Throws as `openEnv` does. */
export async function containerRedactor(context: Context, row: DeploymentRow): Promise<Redactor> {
  const running = await context.database.query((db) =>
    db
      .select()
      .from(releases)
      .where(eq(releases.id, row.servingReleaseId ?? row.id)),
  );
  const uploaded = Object.values(openEnv(context, row.sealedEnv, { of: 'deployment', id: row.id }));
  const serving = running.flatMap((release) => Object.values(openEnv(context, release.sealedEnv, { of: 'release', id: release.id })));
  return redactorOf(context, row.id, [...uploaded, ...serving]);
}
