// A release's row as callers see it.
import { maskConfig } from '@runlayer/config-schema';
import type { releases } from '../schema/index.ts';
import type { Release } from './release.ts';

/** A row of `releases`. */
export type ReleaseRow = typeof releases.$inferSelect;

/** Without what is sealed. */
export function toRelease(row: ReleaseRow): Release {
  const { id, deploymentId, organizationId, number, requestId, status, failure, stillServing, createdBy } = row;
  return {
    id,
    deploymentId,
    organizationId,
    number,
    requestId,
    status,
    failure,
    stillServing,
    createdBy,
    // Stored masked already; a second time costs nothing, and a slip elsewhere shows nothing.
    configuration: maskConfig(row.config),
    image: row.imageReference,
    pinnedImage: row.pinnedImage,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}
