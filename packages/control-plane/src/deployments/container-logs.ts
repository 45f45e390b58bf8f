// Lines of the container, with the values of its variables taken out.
import type { LogLine, LogOptions } from '@runlayer/provisioner';
import { eq } from 'drizzle-orm';
import type { Context } from '../context.ts';
import { fail } from '../error-codes.ts';
import type { Principal } from '../principal.ts';
import { redactorOf } from '../redaction/redactor-of.ts';
import { releases } from '../schema/index.ts';
import { findDeployment } from './deployment-rows.ts';
import { openEnv } from './sealed-env.ts';

/** Lines as they come. Throws `ERR_TARGET_UNREACHABLE` when the target cannot be asked. */
export async function* containerLogs(context: Context, principal: Principal, id: string, options: LogOptions): AsyncGenerator<LogLine> {
  const row = await context.database.query((db) => findDeployment(db, principal, id));
  if (row.deletionStatus === 'deleted') return;
  // The container may still run with the values of an earlier release.
  const running = await context.database.query((db) =>
    db
      .select()
      .from(releases)
      .where(eq(releases.id, row.servingReleaseId ?? row.id)),
  );
  const uploaded = Object.values(openEnv(context, row.sealedEnv, { of: 'deployment', id: row.id }));
  const serving = running.flatMap((release) => Object.values(openEnv(context, release.sealedEnv, { of: 'release', id: release.id })));
  const redact = redactorOf(context, row.id, [...uploaded, ...serving]);
  try {
    for await (const line of context.provisioner.logs(row.id, options)) yield { ...line, line: redact(line.line) };
  } catch (error) {
    if (options.signal?.aborted === true) return;
    const reason = error instanceof Error ? redact(error.message) : 'unknown reason';
    throw fail('ERR_TARGET_UNREACHABLE', `The logs of ${row.name} cannot be read: ${reason}`);
  }
}
