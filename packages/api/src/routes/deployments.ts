// Routes of deployments: their records and configuration. The paths and forms of the published client.
import { createRoute, z } from '@hono/zod-openapi';
import { allow, deployers, everyone } from '../access.ts';
import * as shape from '../shapes/deployment.ts';
import { IdParams, PageQuery } from '../shapes/page.ts';
import { body, json, problems } from './answers.ts';

const base = '/api/v1/deployments';
const tags = ['Deployments'];

export const listDeployments = createRoute({
  method: 'get',
  // The published client creates with the slash, and its platform redirects without it; every server here takes both.
  path: `${base}/`,
  operationId: 'listDeployments',
  summary: 'List deployments, newest first',
  tags,
  ...allow(everyone),
  request: { query: PageQuery.extend({ include_deleted: z.enum(['true', 'false']).optional() }) },
  responses: { 200: json(shape.DeploymentPageShape, 'A page of deployments'), ...problems(401, 403, 422) },
});

export const createDeployment = createRoute({
  method: 'post',
  path: `${base}/`,
  operationId: 'createDeployment',
  summary: 'Create the record of a deployment; nothing runs yet',
  tags,
  ...allow(deployers),
  request: { body: body(shape.CreateDeploymentShape) },
  responses: { 201: json(shape.DeploymentShape, 'The new record, with its template'), ...problems(400, 401, 403, 409, 413, 415, 422) },
});

export const validateYaml = createRoute({
  method: 'post',
  path: `${base}/validate-yaml`,
  operationId: 'validateYaml',
  summary: 'Check a configuration; creates nothing',
  description: 'Answers 200 for a file with faults too: `valid` tells.',
  tags,
  ...allow(everyone),
  request: { body: body(shape.ValidateYamlShape) },
  responses: { 200: json(shape.YamlValidityShape, 'Whether it is valid, and every fault'), ...problems(400, 401, 403, 413, 415, 422) },
});

export const registryCredentials = createRoute({
  method: 'post',
  path: `${base}/registry-credentials`,
  operationId: 'registryCredentials',
  summary: 'Where to push an image, and with which credentials',
  tags,
  ...allow(deployers),
  responses: { 200: json(shape.RegistryCredentialsShape, 'Credentials; in `LOCAL` mode nothing is pushed'), ...problems(401, 403) },
});

export const getDeployment = createRoute({
  method: 'get',
  path: `${base}/{id}`,
  operationId: 'getDeployment',
  summary: 'Read one deployment; deleted ones stay readable',
  tags,
  ...allow(everyone),
  request: { params: IdParams },
  responses: { 200: json(shape.DeploymentShape, 'The record'), ...problems(401, 403, 404) },
});

export const updateDeployment = createRoute({
  method: 'put',
  path: `${base}/{id}`,
  operationId: 'updateDeployment',
  summary: 'Store a configuration and image for the next release',
  tags,
  ...allow(deployers),
  request: { params: IdParams, body: body(shape.UpdateDeploymentShape) },
  responses: { 200: json(shape.DeploymentShape, 'The record'), ...problems(400, 401, 403, 404, 409, 413, 415, 422, 503) },
});

export const patchDeployment = createRoute({
  method: 'patch',
  path: `${base}/{id}`,
  operationId: 'patchDeployment',
  summary: 'Change name or icon',
  tags,
  ...allow(deployers),
  request: { params: IdParams, body: body(shape.PatchDeploymentShape) },
  responses: { 200: json(shape.DeploymentShape, 'The record'), ...problems(400, 401, 403, 404, 409, 413, 415, 422) },
});

export const deleteDeployment = createRoute({
  method: 'delete',
  path: `${base}/{id}`,
  operationId: 'deleteDeployment',
  summary: 'Start the teardown; the record stays readable',
  description: 'Refused with 409 while connectors are attached, naming them, unless `delete_connectors` is true (admins only).',
  tags,
  ...allow(deployers),
  request: { params: IdParams, query: z.object({ delete_connectors: z.enum(['true', 'false']).optional() }) },
  responses: { 202: json(shape.DeletionShape, 'Accepted; read the record to follow it'), ...problems(401, 403, 404, 409, 422) },
});

export const exportYaml = createRoute({
  method: 'get',
  path: `${base}/{id}/export-yaml`,
  operationId: 'exportYaml',
  summary: 'The stored configuration as a file, with `${NAME}` for every value of `env`',
  tags,
  ...allow(everyone),
  request: { params: IdParams },
  responses: { 200: json(shape.ExportedYamlShape, 'The file'), ...problems(401, 403, 404) },
});
