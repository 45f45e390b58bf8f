// The one shape of every error answer: RFC 9457 problem details with a text `detail`.
import { z } from '@hono/zod-openapi';

/** One fault at one place of a document, as in the `issues` of a problem. */
export const IssueShape = z
  .object({
    path: z.string(),
    message: z.string(),
    line: z.number().int().optional(),
    column: z.number().int().optional(),
    found: z.string().optional(),
    expected: z.string().optional(),
    suggestion: z.string().optional(),
    hint: z.string().optional(),
  })
  .openapi('Issue');

/** Body of every error answer. `detail` is always text: the published client prints it. @see https://www.rfc-editor.org/rfc/rfc9457 */
export const ProblemShape = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string().describe('Stable name of the error, `ERR_<AREA>_<WHAT>`.'),
    hint: z.string().optional().describe('What to do next.'),
    issues: z.array(IssueShape).optional(),
    data: z.record(z.string(), z.unknown()).optional(),
  })
  .openapi('Problem');
