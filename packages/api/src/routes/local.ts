// Routes for clients that connect to an MCP server themselves, as the published client's `run` does.
import { createRoute } from '@hono/zod-openapi';
import { allow, readers } from '../access.ts';
import * as shape from '../shapes/local.ts';
import { IdParams } from '../shapes/page.ts';
import { body, json, problems } from './answers.ts';

const base = '/api/v1/local';
const tags = ['Local connections'];

export const resolveLocalServer = createRoute({
  method: 'get',
  path: `${base}/resolve`,
  operationId: 'resolveLocalServer',
  summary: 'Find a connector by its name',
  tags,
  ...allow(readers),
  request: { query: shape.TargetQuery },
  responses: { 200: json(shape.ResolvedTargetShape, 'Its id'), ...problems(401, 403, 404, 409, 422) },
});

export const getLocalServer = createRoute({
  method: 'get',
  path: `${base}/{id}`,
  operationId: 'getLocalServer',
  summary: 'Read where a connector by URL is, and the identity headers for it',
  description:
    'Each read mints a new token where the connector wants one. The client sends it with every request until it expires: a server that takes ' +
    'each `jti` once refuses the second of them. A connector of a deployment is reached through the proxy only.',
  tags,
  ...allow(readers),
  request: { params: IdParams },
  responses: { 200: json(shape.LocalServerShape, 'The connector'), ...problems(401, 403, 404, 409, 503) },
});

export const beginLocalCall = createRoute({
  method: 'post',
  path: `${base}/{id}/pre`,
  operationId: 'beginLocalCall',
  summary: 'Ask before a call; every call is allowed, as it is',
  tags,
  ...allow(readers),
  request: { params: IdParams, body: body(shape.LocalCallShape) },
  responses: { 200: json(shape.AllowedLocalCallShape, 'Go on'), ...problems(400, 401, 403, 404, 409, 413, 415, 422) },
});

export const endLocalCall = createRoute({
  method: 'post',
  path: `${base}/{id}/post`,
  operationId: 'endLocalCall',
  summary: 'Tell of a call that has ended; its result is shown as it came',
  tags,
  ...allow(readers),
  request: { params: IdParams, body: body(shape.LocalResultShape) },
  responses: { 200: json(shape.ShownLocalResultShape, 'What to show'), ...problems(400, 401, 403, 404, 409, 413, 415, 422) },
});
