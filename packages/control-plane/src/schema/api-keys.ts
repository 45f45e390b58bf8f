// API keys: only their hash, which suffices because a key is 256 random bits.
import { boolean, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import type { Role } from '../principal.ts';
import { moment, organizationId } from './columns.ts';
import { agents, users } from './people.ts';

export const apiKeys = pgTable('api_keys', {
  id: uuid('id').primaryKey(),
  organizationId: organizationId(),
  /** SHA-256 of the key, base64url. */
  hash: text('hash').notNull().unique('api_keys_hash'),
  prefix: text('prefix').notNull(),
  ownerType: text('owner_type').$type<'user' | 'agent' | 'organization'>().notNull(),
  userId: uuid('user_id').references(() => users.id),
  agentId: uuid('agent_id').references(() => agents.id),
  /** Only of an organization's key; others have their owner's. */
  role: text('role').$type<Role>(),
  name: text('name').notNull(),
  createdBy: text('created_by').notNull(),
  /** Made from the operator's setting or at the first start. */
  bootstrap: boolean('bootstrap').notNull().default(false),
  createdAt: moment('created_at').notNull(),
  expiresAt: moment('expires_at'),
  lastUsedAt: moment('last_used_at'),
  revokedAt: moment('revoked_at'),
});
