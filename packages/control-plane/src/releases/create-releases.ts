// Reads releases, their history and their logs.
import { and, asc, count, desc, eq, gt } from 'drizzle-orm';
import type { Context } from '../context.ts';
import { findDeployment } from '../deployments/deployment-rows.ts';
import { fail } from '../error-codes.ts';
import { asUuid } from '../ids.ts';
import { pageBounds } from '../page.ts';
import { requireRight } from '../permissions.ts';
import type { Principal } from '../principal.ts';
import { releaseLog, releases } from '../schema/index.ts';
import type { ReleaseRow } from './release-view.ts';
import { toRelease } from './release-view.ts';
import type { Releases } from './releases.ts';

/** The releases of a control plane. */
export function createReleases({ database }: Context): Releases {
  async function find(principal: Principal, id: string): Promise<ReleaseRow> {
    requireRight(principal, 'deployments.read', 'Reading a release');
    const wanted = and(eq(releases.id, asUuid(id) ?? noId), eq(releases.organizationId, principal.organizationId));
    const [row] = await database.query((db) => db.select().from(releases).where(wanted));
    if (row === undefined) throw fail('ERR_RELEASE_NOT_FOUND', 'There is no such release.');
    return row;
  }
  return {
    get: async (principal, id) => toRelease(await find(principal, id)),
    async list(principal, deploymentId, page) {
      requireRight(principal, 'deployments.read', 'Reading releases');
      const deployment = await database.query((db) => findDeployment(db, principal, deploymentId));
      const { limit, offset } = pageBounds(page);
      const wanted = eq(releases.deploymentId, deployment.id);
      const rows = await database.query((db) =>
        db.select().from(releases).where(wanted).orderBy(desc(releases.number)).limit(limit).offset(offset),
      );
      const [counted] = await database.query((db) => db.select({ total: count() }).from(releases).where(wanted));
      return { items: rows.map(toRelease), total: counted?.total ?? 0 };
    },
    async log(principal, id, { after = 0 } = {}) {
      const release = await find(principal, id);
      const from = Math.max(0, Math.trunc(after) || 0);
      const wanted = and(eq(releaseLog.releaseId, release.id), gt(releaseLog.seq, from));
      const rows = await database.query((db) => db.select().from(releaseLog).where(wanted).orderBy(asc(releaseLog.seq)));
      return {
        releaseId: release.id,
        text: rows.map(({ line }) => line).join('\n'),
        lines: rows.at(-1)?.seq ?? Math.min(from, release.logLines),
      };
    },
  };
}

/** No row has it. */
const noId = '00000000-0000-0000-0000-000000000000';
