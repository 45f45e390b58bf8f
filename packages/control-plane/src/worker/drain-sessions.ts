// Lets the former instance go on for a while with the MCP sessions that live in its memory.
import { and, eq, gt, inArray, or } from 'drizzle-orm';
import type { Context } from '../context.ts';
import { connectors, mcpSessions } from '../schema/index.ts';
import type { ReleaseLogWriter } from './release-log-writer.ts';
import { pause } from './retry.ts';

/** A session that was used so lately has a client that will be back, ms. Uses are written down every five minutes. */
const recentMs = 10 * 60_000;
/** How often it is looked whether they have ended, ms. */
const lookMs = 500;

/** What is drained, and how long at most. */
export interface Draining {
  /** Id of the deployment. */
  readonly id: string;
  readonly organizationId: string;
  readonly drainMs: number;
  readonly log: Pick<ReleaseLogWriter, 'write'>;
  readonly signal: AbortSignal;
}

/** Resolves when no session of the former instances is in use any more, or when their time is up: at once where there is none. */
export async function drainSessions(context: Context, { id, organizationId, drainMs, log, signal }: Draining): Promise<void> {
  const instances = drainMs > 0 ? await formerInstances(context, id, signal) : [];
  if (instances.length === 0) return;
  const since = new Date(context.now().getTime() - recentMs);
  const count = () => countSessions(context, { id, organizationId, instances, since });
  const open = await count();
  if (open === 0) return;
  await log.write(
    `The successor serves. Sessions in use on the former instance: ${open}; they go on for up to ${drainMs / 1000} s, then start anew.`,
  );
  for (const end = performance.now() + drainMs; performance.now() < end;) {
    await pause(Math.min(lookMs, drainMs), signal);
    if ((await count()) === 0) return;
  }
}

async function formerInstances({ provisioner }: Context, id: string, signal: AbortSignal): Promise<readonly string[]> {
  const { draining = [] } = await provisioner.status(id, { signal });
  return draining.map(({ instance }) => instance);
}

interface Wanted {
  readonly id: string;
  readonly organizationId: string;
  readonly instances: readonly string[];
  readonly since: Date;
}

function countSessions({ database }: Context, { id, organizationId, instances, since }: Wanted): Promise<number> {
  return database.query((db) => {
    const attached = db.select({ id: connectors.id }).from(connectors).where(eq(connectors.deploymentId, id));
    const wanted = and(
      eq(mcpSessions.organizationId, organizationId),
      gt(mcpSessions.lastUsedAt, since),
      or(eq(mcpSessions.routeId, id), inArray(mcpSessions.routeId, attached)),
      inArray(mcpSessions.instance, [...instances]),
    );
    return db.$count(mcpSessions, wanted);
  });
}
