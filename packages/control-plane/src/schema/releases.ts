// Releases and their logs: what was deployed never changes, only how far it came.
import type { Config } from '@runlayer/config-schema';
import type { Failure, Platform } from '@runlayer/provisioner';
import { integer, json, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core';
import type { Actor } from '../principal.ts';
import type { ReleaseStatus } from '../releases/release.ts';
import { moment, organizationId } from './columns.ts';
import { deployments } from './deployments.ts';

export const releases = pgTable(
  'releases',
  {
    id: uuid('id').primaryKey(),
    organizationId: organizationId(),
    deploymentId: uuid('deployment_id')
      .notNull()
      .references(() => deployments.id),
    number: integer('number').notNull(),
    /** Makes a repeated trigger give the same release. */
    requestId: text('request_id').notNull(),
    /** Masked. */
    config: json('config').$type<Config>().notNull(),
    /** Wiped when the deployment is deleted. */
    sealedEnv: text('sealed_env'),
    imageReference: text('image_reference').notNull(),
    pinnedImage: text('pinned_image'),
    imagePlatform: text('image_platform').$type<Platform>(),
    status: text('status').$type<ReleaseStatus>().notNull(),
    failure: json('failure').$type<Failure>(),
    stillServing: uuid('still_serving'),
    logLines: integer('log_lines').notNull().default(0),
    logBytes: integer('log_bytes').notNull().default(0),
    createdBy: json('created_by').$type<Actor>().notNull(),
    createdAt: moment('created_at').notNull(),
    startedAt: moment('started_at'),
    finishedAt: moment('finished_at'),
  },
  (table) => [
    unique('releases_number').on(table.deploymentId, table.number),
    unique('releases_request').on(table.deploymentId, table.requestId),
  ],
);

export const releaseLog = pgTable(
  'release_log',
  {
    organizationId: organizationId(),
    releaseId: uuid('release_id')
      .notNull()
      .references(() => releases.id),
    /** Counts from 1. */
    seq: integer('seq').notNull(),
    /** Redacted. */
    line: text('line').notNull(),
  },
  (table) => [primaryKey({ columns: [table.releaseId, table.seq] })],
);
