// The audit log: who did what to what, when, with the values before and after.
import type { Page, PageRequest } from '../page.ts';
import type { Actor, Principal } from '../principal.ts';

/** What was changed. */
export interface AuditTarget {
  readonly type: 'organization' | 'deployment' | 'release' | 'connector' | 'user' | 'agent' | 'api_key' | 'signing_key';
  readonly id: string;
  readonly name: string;
}

/** One change. Written in the transaction that makes it, never changed after. Holds no secret. */
export interface AuditEvent {
  readonly id: string;
  readonly organizationId: string;
  /** `<target>.<verb>`, such as `connector.updated`. */
  readonly action: string;
  readonly actor: Actor;
  readonly target: AuditTarget;
  /** Fields that changed, as they were; left out where nothing was. */
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
  /** ISO 8601 UTC. */
  readonly at: string;
}

/** Reads the audit log; admins only. */
export interface Audit {
  /** Newest first. Throws `ERR_FORBIDDEN`. */
  list(
    principal: Principal,
    page?: PageRequest & { readonly targetId?: string | undefined; readonly action?: string | undefined },
  ): Promise<Page<AuditEvent>>;
}
