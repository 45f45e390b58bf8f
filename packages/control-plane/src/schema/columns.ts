// Columns that many tables have, written the same way everywhere.
import { timestamp, uuid } from 'drizzle-orm/pg-core';
import { organizations } from './organizations.ts';

/** A moment, exact to the millisecond, as a `Date`. */
export const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });

/** The organization that a row belongs to; every query filters on it. */
export const organizationId = () =>
  uuid('organization_id')
    .notNull()
    .references(() => organizations.id);
