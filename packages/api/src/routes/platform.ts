// Routes of the server itself: health, keys, telemetry, and login by device code.
import { createRoute, z } from '@hono/zod-openapi';
import { admins, allow } from '../access.ts';
import { HealthShape, JwksShape, ReadinessShape } from '../shapes/health.ts';
import { json, problems, text } from './answers.ts';

const tags = ['Platform'];

/** Path of the public keys of identity tokens, below the platform's address. */
export const jwksPath = '/.well-known/runlayer-identity-forward.jwks.json';

export const health = createRoute({
  method: 'get',
  path: '/health',
  operationId: 'health',
  summary: 'Whether the process answers',
  tags,
  ...allow('public'),
  responses: { 200: json(HealthShape, 'It does') },
});

export const ready = createRoute({
  method: 'get',
  path: '/ready',
  operationId: 'ready',
  summary: 'Whether database, worker and target answer',
  tags,
  ...allow('public'),
  responses: { 200: json(ReadinessShape, 'All do'), 503: json(ReadinessShape, 'At least one does not') },
});

export const metrics = createRoute({
  method: 'get',
  path: '/metrics',
  operationId: 'metrics',
  summary: 'Numbers of the server and its proxy, as Prometheus reads them',
  tags,
  ...allow(admins),
  responses: { 200: text('The text format, version 0.0.4'), ...problems(401, 403) },
});

export const openapi = createRoute({
  method: 'get',
  path: '/openapi.json',
  operationId: 'openapi',
  summary: 'This document',
  tags,
  ...allow('public'),
  responses: { 200: json(z.record(z.string(), z.unknown()), 'OpenAPI 3.1') },
});

export const jwks = createRoute({
  method: 'get',
  path: jwksPath,
  operationId: 'jwks',
  summary: 'Public keys of identity tokens (RFC 7517)',
  tags,
  ...allow('public'),
  responses: { 200: json(JwksShape, 'The key set'), 304: { description: 'Unchanged since the `ETag` sent' }, ...problems(503) },
});

export const telemetry = createRoute({
  method: 'post',
  path: '/api/v1/telemetry/cli-command-events',
  operationId: 'telemetry',
  summary: 'Takes the usage events of the published client and drops them',
  tags,
  ...allow('public'),
  responses: { 202: json(z.object({ accepted: z.literal(true) }), 'Dropped'), ...problems(413) },
});

export const deviceAuthorize = createRoute({
  method: 'post',
  path: '/api/v1/cli/device/authorize',
  operationId: 'deviceAuthorize',
  summary: 'Login by device code; not offered by this server',
  tags,
  ...allow('public'),
  responses: { ...problems(404) },
});
