// Lists and the two query parameters that page through them.
import { z } from '@hono/zod-openapi';

/** A whole number in a query, within bounds: digits only, so that an empty value is not read as zero. */
export function queryInteger(minimum: number, maximum: number, description: string) {
  return z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.number().int().min(minimum).max(maximum))
    .optional()
    .openapi({ type: 'integer', minimum, maximum, description });
}

/** `limit` (1–500, default 100) and `skip` (default 0) of a list. */
export const PageQuery = z.object({
  limit: queryInteger(1, 500, 'How many entries at most. Default 100.'),
  skip: queryInteger(0, 1_000_000, 'How many entries to pass over. Default 0.'),
});

/** A page of entries under `data`; `count` is how many there are in all. */
export function pageOf<Shape extends z.ZodType>(shape: Shape, name: string) {
  return z.object({ data: z.array(shape), count: z.number().int() }).openapi(name);
}

/** `{id}` in a path: any text. What is not a known id answers 404, never 422. */
export const IdParams = z.object({ id: z.string() });

/** ISO 8601 in UTC. */
export const Timestamp = z.string().openapi({ format: 'date-time' });
