// Connectors (wire: servers): MCP servers that are reachable through the proxy.
import { z } from '@hono/zod-openapi';
import { pageOf, Timestamp } from './page.ts';

export const IdentityForwardShape = z
  .object({ headers: z.boolean().describe('Forward identity headers.'), token: z.boolean().describe('Forward a signed identity token.') })
  .openapi('IdentityForward');

/** Toggles to set; one left out stays, and is off at first. */
const ForwardChangeShape = z
  .strictObject({ headers: z.boolean().optional(), token: z.boolean().optional() })
  .openapi('IdentityForwardChange');

export const TransportShape = z.enum(['streaming-http', 'sse']).openapi('Transport');

export const ServerShape = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    icon: z.string().nullable(),
    icon_url: z.string().nullable().describe('The icon where it is a web address.'),
    status: z.literal('active'),
    transport: TransportShape,
    deployment_mode: z.literal('hosted'),
    deployment_id: z.string().nullable(),
    url: z.string().nullable().describe('Address of the upstream, for a connector by URL.'),
    mcp_url: z.string().describe('Address that MCP clients use.'),
    identity_forward: IdentityForwardShape,
    created_by: z.string(),
    created_at: Timestamp,
    updated_at: Timestamp,
  })
  .openapi('Server');

export const ServerPageShape = pageOf(ServerShape, 'ServerPage');

const named = z.string().min(1).max(200);
const described = z.string().max(2000).nullable().optional();

export const CreateServerShape = z
  .strictObject({
    name: named.optional().describe('Required with `url`. Default for a deployment: its name.'),
    description: described,
    icon: described,
    transport: TransportShape.optional().openapi({ description: 'Default `streaming-http`.' }),
    deployment_id: z.string().max(100).optional().describe('Either this or `url`.'),
    url: z.string().max(2000).optional().describe('Either this or `deployment_id`.'),
    identity_forward: ForwardChangeShape.optional(),
  })
  .openapi('CreateServer');

export const PatchServerShape = z
  .strictObject({
    name: named.optional(),
    description: described,
    icon: described,
    transport: TransportShape.optional(),
    identity_forward: ForwardChangeShape.optional(),
  })
  .openapi('PatchServer');
