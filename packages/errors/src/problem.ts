// RFC 9457 problem details: the form in which an error crosses HTTP, and back.
import type { ErrorCode } from './error-table.ts';
import type { Issue } from './issue.ts';
import { isRunlayerError, RunlayerError } from './runlayer-error.ts';

/** Media type of a problem body. */
export const problemMediaType = 'application/problem+json';

/** Body of an error answer. `detail` is always text: published clients print it. @see https://www.rfc-editor.org/rfc/rfc9457 */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly hint?: string | undefined;
  readonly issues?: readonly Issue[] | undefined;
  readonly data?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Any thrown value as a problem. What is not a {@link RunlayerError} becomes a bare 500:
 * its message may hold a secret, so it is left out.
 */
export function toProblem(error: unknown): Problem {
  if (!isRunlayerError(error)) {
    return {
      type: 'about:blank',
      title: 'Internal error',
      status: 500,
      detail: 'The server met an unexpected error.',
      code: 'ERR_INTERNAL',
    };
  }
  return {
    type: error.docs,
    title: error.title,
    status: error.status,
    detail: error.message,
    code: error.code,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(error.issues.length === 0 ? {} : { issues: error.issues }),
    ...(error.data === undefined ? {} : { data: error.data }),
  };
}

/**
 * The error that an HTTP answer describes. Takes any body: a problem, `{"detail": "…"}`, or something else entirely
 * (a proxy's HTML page), which becomes `ERR_HTTP_STATUS` with the status in its message.
 */
export function fromProblem(body: unknown, status: number): RunlayerError {
  const given = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const code = text(given['code'])?.startsWith('ERR_') ? (given['code'] as ErrorCode) : 'ERR_HTTP_STATUS';
  const message = text(given['detail']) ?? `The server answered with status ${status}.`;
  return new RunlayerError(code, text(given['title']) ?? 'HTTP error', status, message, {
    hint: text(given['hint']),
    docs: code === 'ERR_HTTP_STATUS' ? undefined : httpUrl(given['type']),
    issues: Array.isArray(given['issues']) ? given['issues'].filter(isIssue) : [],
    data: typeof given['data'] === 'object' && given['data'] !== null ? (given['data'] as Record<string, unknown>) : undefined,
  });
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function httpUrl(value: unknown): string | undefined {
  return typeof value === 'string' && /^https?:\/\//.test(value) ? value : undefined;
}

function isIssue(value: unknown): value is Issue {
  const issue = value as Partial<Issue> | null;
  return typeof issue === 'object' && issue !== null && typeof issue.path === 'string' && typeof issue.message === 'string';
}
