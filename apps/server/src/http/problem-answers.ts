// The one place where errors become answers.
import { isRunlayerError, problemMediaType, type RunlayerError, toProblem } from '@runlayer/errors';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { z } from 'zod';
import { fail } from '../error-codes.ts';
import { errorFields, type Log } from './logger.ts';

/** Answers any thrown value as problem details; what is not ours is logged and answered as a bare 500. */
export function answerError(log: Log): (error: Error, context: Context) => Response {
  return (error, context) => {
    const known = asOurs(error);
    if (known === undefined || known.status >= 500)
      log.error('request failed', { requestId: context.get('requestId'), ...errorFields(error) });
    return problemAnswer(known ?? error);
  };
}

/** An answer with a problem as its body. */
export function problemAnswer(error: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  const problem = toProblem(error);
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      'content-type': problemMediaType,
      ...(problem.status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
      ...(problem.status === 503 ? { 'retry-after': '5' } : {}),
      ...headers,
    },
  });
}

/** What the checks of the contract found, as one problem with every fault. */
export function invalidRequest(error: z.core.$ZodError): RunlayerError {
  const issues = error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message }));
  const texts = issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  return fail('ERR_REQUEST_INVALID', texts.join('; '), { issues });
}

function asOurs(error: Error): RunlayerError | undefined {
  if (isRunlayerError(error)) return error;
  if (error instanceof HTTPException && error.status === 400) return fail('ERR_BODY_MALFORMED', 'The body is not JSON.', { cause: error });
  return undefined;
}
