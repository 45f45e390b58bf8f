// Writes audit rows, in the transaction that makes the change.
import { randomUUID } from 'node:crypto';
import type { Connection } from '../database/database.ts';
import type { Actor, Principal } from '../principal.ts';
import { actorOf } from '../principal.ts';
import { auditEvents } from '../schema/index.ts';
import type { AuditTarget } from './audit.ts';

/** One change, as the verb that makes it knows it. */
export interface AuditEntry {
  readonly organizationId: string;
  readonly action: string;
  readonly actor: Actor;
  readonly target: AuditTarget;
  readonly before?: Readonly<Record<string, unknown>> | undefined;
  readonly after?: Readonly<Record<string, unknown>> | undefined;
  readonly at: Date;
}

/** Appends an event. */
export async function writeAudit(tx: Connection, { target, before, after, ...entry }: AuditEntry): Promise<void> {
  await tx.insert(auditEvents).values({
    ...entry,
    id: randomUUID(),
    targetType: target.type,
    targetId: target.id,
    targetName: target.name,
    before: before ?? null,
    after: after ?? null,
  });
}

/** The part of an entry that says who. */
export function by(principal: Principal): Pick<AuditEntry, 'organizationId' | 'actor'> {
  return { organizationId: principal.organizationId, actor: actorOf(principal) };
}

/** Only the fields that differ, before and after. */
export function changedFields(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): Pick<AuditEntry, 'before' | 'after'> & { readonly changed: boolean } {
  const names = Object.keys(after).filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  const pick = (from: Readonly<Record<string, unknown>>) => Object.fromEntries(names.map((name) => [name, from[name] ?? null]));
  return { before: pick(before), after: pick(after), changed: names.length > 0 };
}
