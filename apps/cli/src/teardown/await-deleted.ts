// Waits until the record says that everything is gone.
import { setTimeout as delay } from 'node:timers/promises';
import type { RunlayerClient } from '@runlayer/api/client';
import { isTransient } from '../deploy/is-transient.ts';
import { cliError } from '../error-codes.ts';
import type { Progress } from '../output/report.ts';

/** How long to wait, and whom to tell. */
export interface AwaitOptions {
  readonly client: RunlayerClient;
  readonly signal: AbortSignal;
  readonly timeoutSeconds: number;
  readonly progress: Progress;
}

const everyMs = 500;

/** Resolves when the record is `deleted`. @throws ERR_CLI_UNFINISHED naming the last failure, ERR_CLI_INTERRUPTED */
export async function awaitDeleted(id: string, { client, signal, timeoutSeconds, progress }: AwaitOptions): Promise<void> {
  const deadline = performance.now() + timeoutSeconds * 1000;
  let trouble = '';
  for (;;) {
    try {
      const { deletion_status, deletion_failure } = await client.deployments.get(id, { signal });
      if (deletion_status === 'deleted') return;
      trouble = deletion_failure?.message ?? '';
    } catch (error) {
      if (signal.aborted) throw stopped(id);
      if (!isTransient(error)) throw error;
      trouble = error instanceof Error ? error.message : '';
    }
    progress(trouble);
    if (performance.now() >= deadline) throw unfinished(id, timeoutSeconds, trouble);
    await delay(everyMs, undefined, { signal }).catch(() => {});
    if (signal.aborted) throw stopped(id);
  }
}

function unfinished(id: string, seconds: number, trouble: string): Error {
  const last = trouble === '' ? '' : ` Last: ${trouble}`;
  return cliError('ERR_CLI_UNFINISHED', `The deployment ${id} is not gone after ${seconds} s; the platform goes on.${last}`, {
    hint: `Run \`runlayer deploy destroy --yes --deployment-id ${id}\` again to go on waiting.`,
    data: { deployment_id: id },
  });
}

function stopped(id: string): Error {
  return cliError('ERR_CLI_INTERRUPTED', `You stopped waiting; the teardown of ${id} goes on.`, {
    hint: `Run \`runlayer deploy destroy --yes --deployment-id ${id}\` again to go on waiting.`,
  });
}
