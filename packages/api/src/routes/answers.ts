// Answers and bodies as the routes write them.
import { z } from '@hono/zod-openapi';
import { ProblemShape } from '../shapes/problem.ts';

const titles: Readonly<Record<number, string>> = {
  400: 'The request cannot be read',
  401: 'No credential, or one that is not known',
  403: 'The role of the caller does not allow this',
  404: 'Not there, or not of this organization',
  409: 'Not possible in the present state',
  413: 'The body is too large',
  415: 'The body is not JSON',
  422: 'The content is not valid',
  429: 'Too many at once',
  503: 'A part that this needs does not answer',
};

type Problems = object;

/**
 * Problem answers by status. The type hides them: handlers throw, and one error middleware writes every problem,
 * so a handler's return type is its success alone.
 */
export function problems(...statuses: number[]): Problems {
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      { description: titles[status] ?? 'Error', content: { 'application/problem+json': { schema: ProblemShape } } },
    ]),
  );
}

/** A JSON answer. */
export function json<Shape extends z.ZodType>(schema: Shape, description: string) {
  return { description, content: { 'application/json': { schema } } };
}

/** An answer in plain text. */
export function text(description: string) {
  return { description, content: { 'text/plain': { schema: z.string() } } };
}

/** A JSON body that must be there. */
export function body<Shape extends z.ZodType>(schema: Shape) {
  return { required: true, content: { 'application/json': { schema } } };
}
