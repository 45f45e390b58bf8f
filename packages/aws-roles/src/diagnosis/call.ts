// Makes one call to AWS, bounded in time, and says in our words how it failed.
import type { Finding } from '../finding.ts';
import type { CallOptions } from './ports.ts';

/** How calls are made. */
export interface Calling {
  /** Milliseconds for one call, its retries and the search for credentials included. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** How a call failed. */
export interface Failed {
  readonly kind: 'denied' | 'no-such-role' | 'no-credentials' | 'bad-credentials' | 'other';
  /** What AWS or the client said, on one line, at most 400 characters. */
  readonly said: string;
}

/** Either the answer or how it failed. */
export type Called<T> = { readonly answer: T } | { readonly failed: Failed };

/** Never throws. */
export async function call<T>(make: (options: CallOptions) => Promise<T>, { timeoutMs, signal }: Calling): Promise<Called<T>> {
  const deadline = AbortSignal.timeout(timeoutMs);
  const abortSignal = signal === undefined ? deadline : AbortSignal.any([deadline, signal]);
  try {
    // Looking for credentials may wait without heeding the signal.
    return { answer: await Promise.race([make({ abortSignal }), aborted(abortSignal)]) };
  } catch (error) {
    if (deadline.aborted) return { failed: { kind: 'other', said: `No answer within ${timeoutMs / 1000} s.` } };
    return { failed: { kind: kindOf(error), said: textOf(error) } };
  }
}

/** The finding for a call that failed in a way that says nothing of the role. */
export function callFinding({ kind, said }: Failed, operation: string): Finding {
  if (kind === 'no-credentials') {
    const fix =
      'Run this inside the deployment, or with credentials of the account that the role is in: AWS_PROFILE, or AWS_ACCESS_KEY_ID.';
    return { code: 'credentials-missing', severity: 'doubt', message: 'No AWS credentials were found.', fix };
  }
  if (kind === 'bad-credentials') {
    const fix = 'Renew the credentials, such as by `aws sso login`, and try again.';
    return { code: 'credentials-refused', severity: 'doubt', message: `AWS does not take the credentials: ${said}`, fix };
  }
  const fix = 'Check the network, and that AWS is reached from here, then try again.';
  return { code: 'call-failed', severity: 'doubt', message: `${operation} failed: ${said}`, fix };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const end = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('Aborted.'));
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
  });
}

const badCredentials =
  /^(ExpiredToken|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|IncompleteSignature|MissingAuthenticationToken|TokenRefreshRequired|InvalidAccessKeyId|AuthFailure|RequestExpired)/;

function kindOf(error: unknown): Failed['kind'] {
  const { name = '' } = (error ?? {}) as { readonly name?: string };
  if (name.startsWith('AccessDenied')) return 'denied';
  if (name.startsWith('NoSuchEntity')) return 'no-such-role';
  if (name === 'CredentialsProviderError') return 'no-credentials';
  return badCredentials.test(name) ? 'bad-credentials' : 'other';
}

function textOf(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return text.replaceAll(/\s+/g, ' ').slice(0, 400);
}
