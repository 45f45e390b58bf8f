// Deployments: what is wanted next, what serves, and how far a removal is.
import type { Config } from '@runlayer/config-schema';
import type { Failure, Outputs, Platform } from '@runlayer/provisioner';
import { bigint, index, integer, json, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import type { Actor } from '../principal.ts';
import { moment, organizationId } from './columns.ts';

export const deployments = pgTable(
  'deployments',
  {
    id: uuid('id').primaryKey(),
    organizationId: organizationId(),
    /** Set aside for the first connector. */
    serverId: uuid('server_id').notNull().unique('deployments_server_id'),
    name: text('name').notNull(),
    icon: text('icon'),
    /** Masked. `json`, not `jsonb`: that one refuses `\u0000` and loses the order of names. */
    config: json('config').$type<Config>(),
    sealedEnv: text('sealed_env'),
    imageReference: text('image_reference'),
    pinnedImage: text('pinned_image'),
    imagePlatform: text('image_platform').$type<Platform>(),
    deletionStatus: text('deletion_status').$type<'deleting' | 'deleted'>(),
    deletionFailure: json('deletion_failure').$type<Failure>(),
    outputs: json('outputs').$type<Outputs>().notNull().default({}),
    /** The release that was last brought to serve. */
    servingReleaseId: uuid('serving_release_id'),
    /** What the last look at it found. */
    observedState: text('observed_state').$type<'serving' | 'failing'>(),
    lastReleaseNumber: integer('last_release_number').notNull().default(0),
    /** Grows with every change that a route depends on, so that other servers notice. */
    routeRevision: bigint('route_revision', { mode: 'number' }).notNull().default(0),
    createdBy: json('created_by').$type<Actor>().notNull(),
    createdAt: moment('created_at').notNull(),
    updatedAt: moment('updated_at').notNull(),
  },
  (table) => [
    index('deployments_newest').on(table.organizationId, table.createdAt),
    index('deployments_route_revision').on(table.routeRevision),
  ],
);
