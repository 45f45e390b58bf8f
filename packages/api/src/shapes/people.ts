// People, agent accounts, API keys and the audit log of one organization.
import { z } from '@hono/zod-openapi';
import { roles } from '../access.ts';
import { pageOf, Timestamp } from './page.ts';

export const RoleShape = z.enum(roles).openapi('Role');

export const MeShape = z
  .object({
    type: z.enum(['user', 'agent', 'organization_key']),
    id: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    role: RoleShape,
    organization_id: z.string(),
    key_id: z.string().nullable(),
  })
  .openapi('Me');

export const UserShape = z
  .object({
    id: z.string(),
    email: z.string(),
    name: z.string(),
    role: z.enum(['admin', 'member']),
    disabled: z.boolean(),
    created_at: Timestamp,
  })
  .openapi('User');
export const UserPageShape = pageOf(UserShape, 'UserPage');
export const CreateUserShape = z
  .strictObject({
    email: z.string().min(3).max(254).openapi({ pattern: '^[^\\s@]+@[^\\s@]+$' }),
    name: z.string().min(1).max(200).optional().describe('Default: the e-mail.'),
    role: z.enum(['admin', 'member']).optional().describe('Default `member`.'),
  })
  .openapi('CreateUser');

export const PatchUserShape = z
  .strictObject({
    name: z.string().min(1).max(200).optional(),
    role: z.enum(['admin', 'member']).optional(),
    disabled: z.boolean().optional().describe('The keys of a disabled person stop working at once.'),
  })
  .openapi('PatchUser');

export const AgentShape = z.object({ id: z.string(), name: z.string(), disabled: z.boolean(), created_at: Timestamp }).openapi('Agent');
export const AgentPageShape = pageOf(AgentShape, 'AgentPage');
export const CreateAgentShape = z.strictObject({ name: z.string().min(1).max(200) }).openapi('CreateAgent');
export const PatchAgentShape = z
  .strictObject({
    name: z.string().min(1).max(200).optional(),
    disabled: z.boolean().optional().describe('The keys of a disabled agent account stop working at once.'),
  })
  .openapi('PatchAgent');

export const ApiKeyShape = z
  .object({
    id: z.string(),
    name: z.string(),
    prefix: z.string().describe('First characters of the key, to tell keys apart.'),
    owner: z.enum(['user', 'agent', 'organization']),
    user_id: z.string().nullable(),
    agent_id: z.string().nullable(),
    role: RoleShape.openapi({ description: 'What it may do now: a key of a person has the role of the person.' }),
    created_by: z.string(),
    created_at: Timestamp,
    expires_at: Timestamp.nullable(),
    last_used_at: Timestamp.nullable(),
    revoked_at: Timestamp.nullable(),
  })
  .openapi('ApiKey');
export const ApiKeyPageShape = pageOf(ApiKeyShape, 'ApiKeyPage');
export const CreateApiKeyShape = z
  .strictObject({
    name: z.string().min(1).max(200),
    owner: z.enum(['user', 'agent', 'organization']).describe('Whose key: of a person, of an agent account, or of the organization.'),
    user_id: z.string().max(100).optional().describe('For `user`. Default: the caller.'),
    agent_id: z.string().max(100).optional().describe('For `agent`.'),
    role: RoleShape.optional().openapi({ description: 'For `organization`, and required there.' }),
    expires_at: z.iso.datetime({ offset: true }).nullable().optional().describe('When it stops working. Default never.'),
  })
  .openapi('CreateApiKey');
export const CreatedApiKeyShape = ApiKeyShape.extend({ api_key: z.string().describe('The key itself, shown this once.') }).openapi(
  'CreatedApiKey',
);

export const AuditEventShape = z
  .object({
    id: z.string(),
    time: Timestamp,
    action: z.string(),
    actor: z.object({ type: z.string(), id: z.string().nullable(), name: z.string() }),
    target: z.object({ type: z.string(), id: z.string(), name: z.string() }),
    before: z.record(z.string(), z.unknown()).nullable().describe('Fields that changed, as they were.'),
    after: z.record(z.string(), z.unknown()).nullable(),
  })
  .openapi('AuditEvent');
export const AuditEventPageShape = pageOf(AuditEventShape, 'AuditEventPage');
