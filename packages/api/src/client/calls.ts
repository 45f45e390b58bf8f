// Turns what openapi-fetch answers into a value, or into the one error that callers catch.
import { fromProblem, RunlayerError } from '@runlayer/errors';
import type { Client } from 'openapi-fetch';
import { apiError } from '../error-codes.ts';
import type { components, paths } from './openapi.gen.ts';

/** The typed fetch that every verb uses. */
export type Api = Client<paths, `${string}/${string}`>;

/** Shapes of the wire by name. */
export type Schemas = components['schemas'];

/** What each verb takes last. */
export interface CallOptions {
  /** Ends the call at once; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** A page of a list. */
export interface PageOptions extends CallOptions {
  /** At most so many entries, 1–500. Default 100. */
  readonly limit?: number | undefined;
  /** Entries to pass over. Default 0. */
  readonly skip?: number | undefined;
}

interface Answer<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/** The data of a call. @throws the server's problem as a RunlayerError; its `data.request` holds method, path and status. */
export async function value<Data>(method: string, path: string, call: Promise<Answer<Data>>): Promise<Data> {
  const answer = await call.catch((error: unknown) => {
    throw error instanceof SyntaxError ? unreadable(method, path, error) : error;
  });
  if (answer.response.ok && (answer.data !== undefined || answer.response.status === 204)) return answer.data as Data;
  if (answer.response.ok) throw unreadable(method, path);
  throw withRequest(fromProblem(answer.error, answer.response.status), method, path, answer.response.status);
}

/** Only the parts of a page that were asked for, so that the query stays empty otherwise. */
export function pageQuery(options: PageOptions): { limit?: number; skip?: number } {
  return {
    ...(options.limit === undefined ? {} : { limit: options.limit }),
    ...(options.skip === undefined ? {} : { skip: options.skip }),
  };
}

/** The signal of a call, left out when there is none. */
export function signalOf(options: CallOptions): { signal?: AbortSignal } {
  return options.signal === undefined ? {} : { signal: options.signal };
}

function withRequest(error: RunlayerError, method: string, path: string, status: number): RunlayerError {
  const foreign = error.code === 'ERR_HTTP_STATUS' && error.title === 'HTTP error';
  const message = foreign ? `${method} ${path}: ${error.message}` : error.message;
  return new RunlayerError(error.code, error.title, error.status, message, {
    hint: error.hint,
    docs: error.docs,
    issues: error.issues,
    data: { ...error.data, request: { method, path, status } },
  });
}

function unreadable(method: string, path: string, cause?: Error): RunlayerError {
  return apiError('ERR_SERVER_ANSWER_UNREADABLE', `The answer to ${method} ${path} is not JSON.`, { cause, data: { method, path } });
}
