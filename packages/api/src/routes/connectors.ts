// Routes of connectors (wire: servers).
import { createRoute, z } from '@hono/zod-openapi';
import { admins, allow, readers } from '../access.ts';
import * as shape from '../shapes/connector.ts';
import { IdParams, PageQuery } from '../shapes/page.ts';
import { body, json, problems } from './answers.ts';

const base = '/api/v1/servers';
const tags = ['Connectors'];

export const listServers = createRoute({
  method: 'get',
  path: base,
  operationId: 'listServers',
  summary: 'List connectors',
  tags,
  ...allow(readers),
  request: {
    query: PageQuery.extend({
      scope: z.string().max(50).optional().describe('Sent by the published client; every scope lists what is reachable.'),
    }),
  },
  responses: { 200: json(shape.ServerPageShape, 'A page of connectors'), ...problems(401, 403, 422) },
});

export const createServer = createRoute({
  method: 'post',
  path: base,
  operationId: 'createServer',
  summary: 'Register a deployment, or an MCP server by URL, as a connector',
  tags,
  ...allow(admins),
  request: { body: body(shape.CreateServerShape) },
  responses: { 201: json(shape.ServerShape, 'The connector'), ...problems(400, 401, 403, 404, 409, 413, 415, 422) },
});

export const getServer = createRoute({
  method: 'get',
  path: `${base}/{id}`,
  operationId: 'getServer',
  summary: 'Read one connector',
  tags,
  ...allow(readers),
  request: { params: IdParams },
  responses: { 200: json(shape.ServerShape, 'The connector'), ...problems(401, 403, 404) },
});

export const patchServer = createRoute({
  method: 'patch',
  path: `${base}/{id}`,
  operationId: 'patchServer',
  summary: 'Change a connector, its identity toggles among them',
  tags,
  ...allow(admins),
  request: { params: IdParams, body: body(shape.PatchServerShape) },
  responses: { 200: json(shape.ServerShape, 'The connector'), ...problems(400, 401, 403, 404, 409, 413, 415, 422) },
});

export const deleteServer = createRoute({
  method: 'delete',
  path: `${base}/{id}`,
  operationId: 'deleteServer',
  summary: 'Remove a connector; its deployment goes on',
  tags,
  ...allow(admins),
  request: { params: IdParams },
  responses: { 204: { description: 'Removed' }, ...problems(401, 403, 404) },
});
