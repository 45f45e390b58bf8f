// Signing keys of identity tokens, and the value that proves the sealing key is the right one.
import type { PublicJwk } from '@runlayer/identity-forward';
import { sql } from 'drizzle-orm';
import { json, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { moment, organizationId } from './columns.ts';

export const signingKeys = pgTable(
  'signing_keys',
  {
    id: uuid('id').primaryKey(),
    organizationId: organizationId(),
    kid: text('kid').notNull().unique('signing_keys_kid'),
    sealedPrivateJwk: text('sealed_private_jwk').notNull(),
    publicJwk: json('public_jwk').$type<PublicJwk>().notNull(),
    state: text('state').$type<'next' | 'current' | 'retired'>().notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [
    uniqueIndex('signing_keys_current')
      .on(table.organizationId)
      .where(sql`${table.state} = 'current'`),
  ],
);

export const sealCanaries = pgTable('seal_canaries', {
  organizationId: organizationId().primaryKey(),
  sealed: text('sealed').notNull(),
});
