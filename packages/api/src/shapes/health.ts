// What the server says of itself: alive, ready, and the public keys of identity tokens.
import { z } from '@hono/zod-openapi';

export const HealthShape = z.object({ status: z.literal('ok'), version: z.string() }).openapi('Health');

const PartShape = z.object({ ok: z.boolean(), detail: z.string().optional() });

export const ReadinessShape = z
  .object({ status: z.enum(['ready', 'not_ready']), parts: z.object({ database: PartShape, worker: PartShape, target: PartShape }) })
  .openapi('Readiness');

export const JwksShape = z.object({ keys: z.array(z.record(z.string(), z.unknown())) }).openapi('Jwks');
