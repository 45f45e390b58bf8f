// Asks every part whether it answers.
import type { WireReadiness } from '@runlayer/api';
import { isRunlayerError } from '@runlayer/errors';
import { within } from './within.ts';

/** How each part is asked; a rejection means it does not answer. */
export interface ReadinessChecks {
  readonly database: () => Promise<unknown>;
  readonly worker: () => Promise<unknown>;
  readonly target: () => Promise<unknown>;
}

const answerMs = 2000;

/** The report of `/ready`. Each part has two seconds. */
export async function readiness(checks: ReadinessChecks): Promise<WireReadiness> {
  const [database, worker, target] = await Promise.all([ask(checks.database), ask(checks.worker), ask(checks.target)]);
  return { status: database.ok && worker.ok && target.ok ? 'ready' : 'not_ready', parts: { database, worker, target } };
}

async function ask(check: () => Promise<unknown>): Promise<{ ok: boolean; detail?: string }> {
  try {
    await within(answerMs, check());
    return { ok: true };
  } catch (error) {
    return { ok: false, detail: told(error) };
  }
}

/** What may be shown to anyone: messages of others may hold addresses and names. */
function told(error: unknown): string {
  if (isRunlayerError(error)) return error.title;
  const code = (error as NodeJS.ErrnoException).code;
  return code === undefined ? 'no answer' : `no answer (${code})`;
}
