// Lines of the container, with the values of its variables taken out.
import type { LogLine, LogOptions } from '@runlayer/provisioner';
import type { Context } from '../context.ts';
import { fail } from '../error-codes.ts';
import type { Principal } from '../principal.ts';
import { containerRedactor } from './container-redactor.ts';
import { findDeployment } from './deployment-rows.ts';

/** Lines as they come. Throws `ERR_TARGET_UNREACHABLE` when the target cannot be asked. */
export async function* containerLogs(context: Context, principal: Principal, id: string, options: LogOptions): AsyncGenerator<LogLine> {
  const row = await context.database.query((db) => findDeployment(db, principal, id));
  if (row.deletionStatus === 'deleted') return;
  const redact = await containerRedactor(context, row);
  try {
    for await (const line of context.provisioner.logs(row.id, options)) yield { ...line, line: redact(line.line) };
  } catch (error) {
    if (options.signal?.aborted === true) return;
    const reason = error instanceof Error ? redact(error.message) : 'unknown reason';
    throw fail('ERR_TARGET_UNREACHABLE', `The logs of ${row.name} cannot be read: ${reason}`);
  }
}
