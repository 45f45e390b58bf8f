// Signing keys of identity tokens, and the value that proves the sealing key is the right one.
import type { PublicJwk } from '@runlayer/identity-forward';
import type { RingKeyState } from '@runlayer/identity-forward/sign';
import { sql } from 'drizzle-orm';
import { json, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { moment, organizationId } from './columns.ts';

export const signingKeys = pgTable(
  'signing_keys',
  {
    id: uuid('id').primaryKey(),
    organizationId: organizationId(),
    kid: text('kid').notNull().unique('signing_keys_kid'),
    /** Wiped when the key will never sign again. */
    sealedPrivateJwk: text('sealed_private_jwk'),
    publicJwk: json('public_jwk').$type<PublicJwk>().notNull(),
    state: text('state').$type<RingKeyState>().notNull(),
    createdAt: moment('created_at').notNull(),
    /** By when every server published it. */
    publishedAt: moment('published_at').notNull(),
    /** Somebody asked for it to take over as soon as may be. */
    requestedAt: moment('requested_at'),
    promotedAt: moment('promoted_at'),
    retiredAt: moment('retired_at'),
    removedAt: moment('removed_at'),
    revokedAt: moment('revoked_at'),
  },
  (table) => [
    uniqueIndex('signing_keys_current')
      .on(table.organizationId)
      .where(sql`${table.state} = 'current'`),
    uniqueIndex('signing_keys_next')
      .on(table.organizationId)
      .where(sql`${table.state} = 'next'`),
  ],
);

export const sealCanaries = pgTable('seal_canaries', {
  organizationId: organizationId().primaryKey(),
  sealed: text('sealed').notNull(),
});
