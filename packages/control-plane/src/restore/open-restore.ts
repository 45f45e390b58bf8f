// Takes up deployments that a target runs and a database does not know: for an operator's command, without a worker.
import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { ensureOrganization } from '../bootstrap.ts';
import type { Database } from '../database/database.ts';
import { deployments } from '../schema/index.ts';
import { checkCanary } from '../sealing/canary.ts';
import type { Sealer } from '../sealing/sealer.ts';
import type { FoundWorkload, RestoreResult } from './found-workload.ts';
import { restoreDeployment } from './restore-deployment.ts';

/** What {@link openRestore} needs. */
export interface OpenRestoreOptions {
  readonly database: Database;
  /** The one that the platform runs with, or will. */
  readonly sealer: Sealer;
  /** Name of the command, such as `runlayer-server aws refresh`: records and audit rows name it. */
  readonly command: string;
  /** Repository that clients push to; images from it count as built, others as named in the file. Default: none. */
  readonly repository?: string | undefined;
  /** Used when the database has no organization yet. Default `Default`. */
  readonly organizationName?: string | undefined;
  /** Default: the system's clock. */
  readonly clock?: (() => Date) | undefined;
}

/** A database that deployments can be restored into. */
export interface Restore {
  /**
   * Writes the record of one deployment with its id, its configuration, its sealed values and one release, the one that runs, all or
   * nothing. A record that is there is left alone, so a restoration that was cut short is repeated.
   * Throws `ERR_SEAL_KEY_WRONG` when the database was sealed with other keys.
   */
  restore(found: FoundWorkload): Promise<RestoreResult>;
}

/** Whether there is a record of this id, a deleted one too. Reads only. */
export async function isKnownDeployment(database: Database, deploymentId: string): Promise<boolean> {
  const wanted = eq(deployments.id, deploymentId);
  return (await database.query((db) => db.select({ id: deployments.id }).from(deployments).where(wanted))).length > 0;
}

/** Opens a database for a restoration, also a new one and one that a platform runs on. Nothing is written until {@link Restore.restore}. */
export function openRestore(options: OpenRestoreOptions): Restore {
  const { database, sealer, command, repository, clock: now = () => new Date() } = options;
  const organization = async (): Promise<string> => {
    const context = { database, now, newId: randomUUID };
    const organizationId = await ensureOrganization(context, { organizationName: options.organizationName });
    await checkCanary(database, sealer, organizationId);
    return organizationId;
  };
  let opened: Promise<string> | undefined;
  return {
    async restore(found) {
      opened ??= organization();
      const operator = { type: 'operator', organizationId: await opened, role: 'admin', command } as const;
      return restoreDeployment({ database, sealer, now, newId: randomUUID, repository }, operator, found);
    },
  };
}
