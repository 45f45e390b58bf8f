// Reads the audit log.
import { and, count, desc, eq } from 'drizzle-orm';
import type { Context } from '../context.ts';
import { pageBounds } from '../page.ts';
import { requireRight } from '../permissions.ts';
import { auditEvents } from '../schema/index.ts';
import type { Audit, AuditEvent } from './audit.ts';

/** The audit log of a control plane. */
export function createAudit({ database }: Context): Audit {
  return {
    async list(principal, page = {}) {
      requireRight(principal, 'audit.read', 'Reading the audit log');
      const { limit, offset } = pageBounds(page);
      const wanted = and(
        eq(auditEvents.organizationId, principal.organizationId),
        page.targetId === undefined ? undefined : eq(auditEvents.targetId, page.targetId),
        page.action === undefined ? undefined : eq(auditEvents.action, page.action),
      );
      const rows = await database.query((db) =>
        db.select().from(auditEvents).where(wanted).orderBy(desc(auditEvents.seq)).limit(limit).offset(offset),
      );
      const [counted] = await database.query((db) => db.select({ total: count() }).from(auditEvents).where(wanted));
      return { items: rows.map(toEvent), total: counted?.total ?? 0 };
    },
  };
}

function toEvent(row: typeof auditEvents.$inferSelect): AuditEvent {
  const { id, organizationId, action, actor, before, after } = row;
  const target = { type: row.targetType, id: row.targetId, name: row.targetName };
  return { id, organizationId, action, actor, target, before, after, at: row.at.toISOString() };
}
