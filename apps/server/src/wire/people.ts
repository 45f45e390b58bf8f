// People, agent accounts, keys and audit events as the wire shows them.
import type { WireAgent, WireApiKey, WireAuditEvent, WireMe, WireUser } from '@runlayer/api';
import { actorOf, type Agent, type ApiKey, type AuditEvent, type Principal, type User } from '@runlayer/control-plane';

/** Who the credential belongs to. */
export function wireMe(principal: Principal): WireMe {
  const actor = actorOf(principal);
  return {
    type: principal.type,
    id: actor.id ?? '',
    name: principal.type === 'user' ? principal.userName : actor.name,
    email: principal.type === 'user' ? principal.userEmail : null,
    role: principal.role,
    organization_id: principal.organizationId,
    key_id: principal.keyId ?? null,
  };
}

/** One person. */
export function wireUser({ id, email, name, role, disabled, createdAt }: User): WireUser {
  return { id, email, name, role, disabled, created_at: createdAt };
}

/** One agent account. */
export function wireAgent({ id, name, disabled, createdAt }: Agent): WireAgent {
  return { id, name, disabled, created_at: createdAt };
}

/** One key, without the key itself. */
export function wireApiKey(key: ApiKey): WireApiKey {
  return {
    id: key.id,
    name: key.name,
    prefix: key.prefix,
    owner: key.owner.type,
    user_id: key.owner.type === 'user' ? key.owner.userId : null,
    agent_id: key.owner.type === 'agent' ? key.owner.agentId : null,
    role: key.role,
    created_by: key.createdBy,
    created_at: key.createdAt,
    expires_at: key.expiresAt,
    last_used_at: key.lastUsedAt,
    revoked_at: key.revokedAt,
  };
}

/** One change. */
export function wireAuditEvent({ id, at, action, actor, target, before, after }: AuditEvent): WireAuditEvent {
  return {
    id,
    time: at,
    action,
    actor: { type: actor.type, id: actor.id ?? null, name: actor.name },
    target: { ...target },
    before: before === null ? null : { ...before },
    after: after === null ? null : { ...after },
  };
}
