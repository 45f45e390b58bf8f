// What clients ask that connect to an MCP server themselves: where it is, whose identity to show it, and what they did there.
import { z } from '@hono/zod-openapi';
import { TransportShape } from './connector.ts';

export const TargetQuery = z.object({
  target: z.string().min(1).max(200).describe('Name of a connector, whole and in its own spelling.'),
});

export const ResolvedTargetShape = z.object({ server_id: z.string() }).openapi('ResolvedTarget');

export const IdentityBundleShape = z
  .object({
    headers: z.record(z.string(), z.string()).describe('Headers for the server at `url`, and for nobody else.'),
    expires_at: z.number().int().nullable().describe('Unix seconds at which the token among them expires; null without a token.'),
    applied: z.literal(true),
  })
  .openapi('IdentityBundle');

export const LocalServerShape = z
  .object({
    id: z.string(),
    name: z.string(),
    url: z.string().describe('Address that the client itself connects to.'),
    transport_type: TransportShape,
    sync_required: z.literal(false).describe('The platform keeps no list of what a server offers.'),
    identity_forward: IdentityBundleShape.nullable().describe('Made for the caller; null while both toggles are off.'),
  })
  .openapi('LocalServer');

const called = z.object({
  method: z.string().min(1).max(200).describe('MCP method, such as `tools/call`.'),
  params: z.record(z.string(), z.unknown()).nullish(),
});

export const LocalCallShape = called.openapi('LocalCall');

export const AllowedLocalCallShape = z.object({ correlation_id: z.string() }).openapi('AllowedLocalCall');

export const LocalResultShape = called
  .extend({
    result: z.unknown().optional().describe('For `tools/list` the tools.'),
    correlation_id: z.string().min(1).max(200),
    upstream_error: z.object({ type: z.string(), message: z.string() }).nullish().describe('Why the server could not be asked.'),
  })
  .openapi('LocalResult');

/** The client takes an array for tools, an object for everything else. */
export const ShownLocalResultShape = z
  .union([z.array(z.unknown()).describe('The tools to show.'), z.strictObject({}).describe('The result is shown as it came.')])
  .openapi('ShownLocalResult');
