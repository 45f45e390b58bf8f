// Work that a worker must see through: at most one piece for a deployment, held by a lease.
import { index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { moment, organizationId } from './columns.ts';
import { deployments } from './deployments.ts';
import { releases } from './releases.ts';

export const jobs = pgTable(
  'jobs',
  {
    deploymentId: uuid('deployment_id')
      .primaryKey()
      .references(() => deployments.id),
    organizationId: organizationId(),
    /** A removal takes the place of a release: its worker sees the change at its next heartbeat and stops. */
    kind: text('kind').$type<'release' | 'destroy'>().notNull(),
    releaseId: uuid('release_id').references(() => releases.id),
    /** How often it was claimed. */
    attempts: integer('attempts').notNull().default(0),
    leaseOwner: text('lease_owner'),
    /** Every write of a worker asks for its own token. */
    leaseToken: uuid('lease_token'),
    /** By the database's clock, as `nextAt`. */
    leaseExpiresAt: moment('lease_expires_at'),
    nextAt: moment('next_at').notNull(),
  },
  (table) => [index('jobs_next').on(table.nextAt)],
);
