// Routes of releases: triggering one, following it, and reading what the container writes.
import { createRoute, z } from '@hono/zod-openapi';
import { allow, deployers, everyone } from '../access.ts';
import { IdParams, PageQuery } from '../shapes/page.ts';
import * as shape from '../shapes/release.ts';
import { json, problems } from './answers.ts';

const base = '/api/v1/deployments';
const tags = ['Releases'];

/** A client that does not know whether its request arrived sends it again with the same key, and gets the same release. */
const IdempotencyHeader = z.object({ 'idempotency-key': z.string().min(1).max(200).optional() });

export const triggerDeployment = createRoute({
  method: 'post',
  path: `${base}/{id}/trigger`,
  operationId: 'triggerDeployment',
  summary: 'Start a release of the stored configuration',
  tags,
  ...allow(deployers),
  request: { params: IdParams, headers: IdempotencyHeader },
  responses: { 202: json(shape.TriggeredShape, 'Queued; follow it by `history_id`'), ...problems(401, 403, 404, 409, 422, 503) },
});

export const deploymentStatus = createRoute({
  method: 'get',
  path: `${base}/{id}/status`,
  operationId: 'deploymentStatus',
  summary: 'Status of the newest release',
  tags,
  ...allow(everyone),
  request: { params: IdParams },
  responses: { 200: json(shape.DeploymentStatusShape, 'The status'), ...problems(401, 403, 404) },
});

export const listReleases = createRoute({
  method: 'get',
  path: `${base}/{id}/history`,
  operationId: 'listReleases',
  summary: 'Releases of a deployment, newest first',
  tags,
  ...allow(everyone),
  request: { params: IdParams, query: PageQuery },
  responses: { 200: json(shape.ReleasePageShape, 'A page of releases'), ...problems(401, 403, 404, 422) },
});

export const getRelease = createRoute({
  method: 'get',
  path: `${base}/history/{id}`,
  operationId: 'getRelease',
  summary: 'Read one release',
  tags,
  ...allow(everyone),
  request: { params: IdParams },
  responses: { 200: json(shape.ReleaseShape, 'The release'), ...problems(401, 403, 404) },
});

export const releaseLogs = createRoute({
  method: 'get',
  path: `${base}/history/{id}/logs`,
  operationId: 'releaseLogs',
  summary: 'What happened in a release so far, append-only',
  tags,
  ...allow(everyone),
  request: { params: IdParams, query: shape.ReleaseLogsQuery },
  responses: { 200: json(shape.ReleaseLogsShape, 'The log'), ...problems(401, 403, 404, 422) },
});

export const containerLogs = createRoute({
  method: 'get',
  path: `${base}/{id}/logs`,
  operationId: 'containerLogs',
  summary: 'Lines of the running container',
  description: 'Values of `env` in them are redacted.',
  tags,
  ...allow(everyone),
  request: { params: IdParams, query: shape.ContainerLogsQuery },
  responses: { 200: json(shape.ContainerLogsShape, 'The lines'), ...problems(401, 403, 404, 422, 503) },
});
