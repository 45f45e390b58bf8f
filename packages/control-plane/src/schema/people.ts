// People and agent accounts.
import { boolean, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core';
import { moment, organizationId } from './columns.ts';

export const users = pgTable(
  'users',
  {
    id: uuid('id').primaryKey(),
    organizationId: organizationId(),
    /** Lower-case. */
    email: text('email').notNull(),
    name: text('name').notNull(),
    role: text('role').$type<'admin' | 'member'>().notNull(),
    disabled: boolean('disabled').notNull().default(false),
    /** The admin made at the first start. */
    bootstrap: boolean('bootstrap').notNull().default(false),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [unique('users_email').on(table.organizationId, table.email)],
);

export const agents = pgTable('agents', {
  id: uuid('id').primaryKey(),
  organizationId: organizationId(),
  name: text('name').notNull(),
  disabled: boolean('disabled').notNull().default(false),
  createdAt: moment('created_at').notNull(),
});
