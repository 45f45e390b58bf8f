// Hears from the target which deployments moved, forgets their routes at once, and looks at them soon after.
import type { WatchEvent } from '@runlayer/provisioner';
import { and, isNotNull, isNull } from 'drizzle-orm';
import type { Context } from '../context.ts';
import { deployments } from '../schema/index.ts';
import { pause } from '../worker/retry.ts';
import type { Looks } from './looks.ts';

/** Follows the target while it is started. */
export interface TargetWatch {
  start(): void;
  stop(): Promise<void>;
}

/** How long to wait before a watch that ended by itself is begun anew, ms. */
const againMs = 1000;

/** A watch over the target of a control plane. */
export function createTargetWatch(context: Context, looks: Looks): TargetWatch {
  const { provisioner, signals, logger } = context;
  let following: { readonly stop: AbortController; readonly done: Promise<void> } | undefined;

  function take(event: WatchEvent): void {
    if (event.type === 'moved') {
      signals.send('routes', { deploymentIds: [event.deploymentId], connectorIds: [] });
      looks.soon(event.deploymentId);
    } else {
      signals.send('routes', { deploymentIds: [], connectorIds: [], everything: true });
      void lookAtAll().catch(() => logger.warn('What serves could not be listed; it is looked at when it is called.'));
    }
  }
  async function lookAtAll(): Promise<void> {
    const wanted = and(isNotNull(deployments.servingReleaseId), isNull(deployments.deletionStatus));
    const rows = await context.database.query((db) => db.select({ id: deployments.id }).from(deployments).where(wanted));
    for (const { id } of rows) looks.soon(id);
  }
  async function follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const event of provisioner.watch({ signal })) take(event);
      } catch (error) {
        logger.warn('Watching the target failed; trying again.', { error: error instanceof Error ? error.name : typeof error });
      }
      await pause(againMs, signal).catch(() => {});
    }
  }
  return {
    start() {
      if (following !== undefined) return;
      looks.open();
      const stop = new AbortController();
      following = { stop, done: follow(stop.signal) };
    },
    async stop() {
      looks.close();
      following?.stop.abort();
      await following?.done;
      following = undefined;
    },
  };
}
