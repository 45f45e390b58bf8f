// Audit events: a trigger of the migration refuses to change or delete them.
import { bigserial, index, json, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import type { AuditTarget } from '../audit/audit.ts';
import type { Actor } from '../principal.ts';
import { moment, organizationId } from './columns.ts';

export const auditEvents = pgTable(
  'audit_events',
  {
    id: uuid('id').primaryKey(),
    /** Order of writing. */
    seq: bigserial('seq', { mode: 'number' }).notNull(),
    organizationId: organizationId(),
    action: text('action').notNull(),
    actor: json('actor').$type<Actor>().notNull(),
    targetType: text('target_type').$type<AuditTarget['type']>().notNull(),
    targetId: text('target_id').notNull(),
    targetName: text('target_name').notNull(),
    before: json('before').$type<Record<string, unknown>>(),
    after: json('after').$type<Record<string, unknown>>(),
    at: moment('at').notNull(),
  },
  (table) => [index('audit_events_newest').on(table.organizationId, table.seq), index('audit_events_target').on(table.targetId)],
);
