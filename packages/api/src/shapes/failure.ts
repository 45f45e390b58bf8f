// Why something does not serve: cause, fix, and what was seen.
import { z } from '@hono/zod-openapi';

/** A cause by its stable name, with evidence. */
export const FailureShape = z
  .object({ code: z.string(), message: z.string(), fix: z.string(), evidence: z.record(z.string(), z.unknown()) })
  .openapi('Failure');
