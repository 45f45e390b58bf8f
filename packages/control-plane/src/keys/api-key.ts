// An API key as callers see it: everything but the key itself.
import type { Role } from '../principal.ts';

/** Whose key it is. */
export type ApiKeyOwner =
  | { readonly type: 'user'; readonly userId: string }
  | { readonly type: 'agent'; readonly agentId: string }
  | { readonly type: 'organization' };

/** A key. Times are ISO 8601 UTC. */
export interface ApiKey {
  readonly id: string;
  readonly organizationId: string;
  readonly name: string;
  /** Its first characters, to recognise it by: `rl_user_Ab3d…`. */
  readonly prefix: string;
  readonly owner: ApiKeyOwner;
  /** What it may do now: of an organization key its own role, of a person the person's, of an agent `member`. */
  readonly role: Role;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  /** Exact to five minutes. */
  readonly lastUsedAt: string | null;
  readonly revokedAt: string | null;
}

/** What a new key is made of. */
export interface NewApiKey {
  /** 1–200 characters. */
  readonly name: string;
  readonly owner: ApiKeyOwner;
  /** Only for a key of the organization, and required there. */
  readonly role?: Role | undefined;
  /** When it stops working, ISO 8601. Default never. */
  readonly expiresAt?: string | null | undefined;
}

/** A key just made. */
export interface IssuedApiKey {
  readonly key: ApiKey;
  /** The key itself. Shown this once: only its hash is kept. */
  readonly secret: string;
}
