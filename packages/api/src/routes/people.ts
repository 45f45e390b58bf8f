// Routes of people, agent accounts, API keys and the audit log.
import { createRoute } from '@hono/zod-openapi';
import { admins, allow, everyone, readers } from '../access.ts';
import { IdParams, PageQuery } from '../shapes/page.ts';
import * as shape from '../shapes/people.ts';
import { body, json, problems } from './answers.ts';

const tags = ['Organization'];
const listProblems = problems(401, 403, 422);
const createProblems = problems(400, 401, 403, 404, 409, 413, 415, 422);

export const getMe = createRoute({
  method: 'get',
  path: '/api/v1/users/me',
  operationId: 'getMe',
  summary: 'Who the credential belongs to',
  tags,
  ...allow(everyone),
  responses: { 200: json(shape.MeShape, 'The caller'), ...problems(401) },
});

export const listUsers = createRoute({
  method: 'get',
  path: '/api/v1/users',
  operationId: 'listUsers',
  summary: 'List people',
  tags,
  ...allow(admins),
  request: { query: PageQuery },
  responses: { 200: json(shape.UserPageShape, 'A page of people'), ...listProblems },
});

export const createUser = createRoute({
  method: 'post',
  path: '/api/v1/users',
  operationId: 'createUser',
  summary: 'Add a person',
  tags,
  ...allow(admins),
  request: { body: body(shape.CreateUserShape) },
  responses: { 201: json(shape.UserShape, 'The person'), ...createProblems },
});

export const patchUser = createRoute({
  method: 'patch',
  path: '/api/v1/users/{id}',
  operationId: 'patchUser',
  summary: 'Change the name or role of a person, disable or enable them',
  tags,
  ...allow(admins),
  request: { params: IdParams, body: body(shape.PatchUserShape) },
  responses: { 200: json(shape.UserShape, 'The person'), ...createProblems },
});

export const listAgents = createRoute({
  method: 'get',
  path: '/api/v1/agents',
  operationId: 'listAgents',
  summary: 'List agent accounts',
  tags,
  ...allow(admins),
  request: { query: PageQuery },
  responses: { 200: json(shape.AgentPageShape, 'A page of agent accounts'), ...listProblems },
});

export const createAgent = createRoute({
  method: 'post',
  path: '/api/v1/agents',
  operationId: 'createAgent',
  summary: 'Add an agent account',
  tags,
  ...allow(admins),
  request: { body: body(shape.CreateAgentShape) },
  responses: { 201: json(shape.AgentShape, 'The agent account'), ...createProblems },
});

export const patchAgent = createRoute({
  method: 'patch',
  path: '/api/v1/agents/{id}',
  operationId: 'patchAgent',
  summary: 'Change the name of an agent account, disable or enable it',
  tags,
  ...allow(admins),
  request: { params: IdParams, body: body(shape.PatchAgentShape) },
  responses: { 200: json(shape.AgentShape, 'The agent account'), ...createProblems },
});

export const listApiKeys = createRoute({
  method: 'get',
  path: '/api/v1/api-keys',
  operationId: 'listApiKeys',
  summary: 'List API keys: an admin all, a member their own. The keys themselves are not kept',
  tags,
  ...allow(readers),
  request: { query: PageQuery },
  responses: { 200: json(shape.ApiKeyPageShape, 'A page of keys'), ...listProblems },
});

export const createApiKey = createRoute({
  method: 'post',
  path: '/api/v1/api-keys',
  operationId: 'createApiKey',
  summary: 'Make an API key, shown this once',
  tags,
  ...allow(readers),
  request: { body: body(shape.CreateApiKeyShape) },
  responses: { 201: json(shape.CreatedApiKeyShape, 'The key'), ...createProblems },
});

export const revokeApiKey = createRoute({
  method: 'delete',
  path: '/api/v1/api-keys/{id}',
  operationId: 'revokeApiKey',
  summary: 'Revoke an API key at once',
  tags,
  ...allow(readers),
  request: { params: IdParams },
  responses: { 204: { description: 'Revoked' }, ...problems(401, 403, 404) },
});

export const listAuditEvents = createRoute({
  method: 'get',
  path: '/api/v1/audit-events',
  operationId: 'listAuditEvents',
  summary: 'What was done by whom, newest first',
  tags,
  ...allow(admins),
  request: { query: PageQuery },
  responses: { 200: json(shape.AuditEventPageShape, 'A page of events'), ...listProblems },
});
