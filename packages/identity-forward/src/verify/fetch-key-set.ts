// One bounded fetch of the key set: 5 s, 64 KiB, no redirect.
import { IdentityError } from '../identity-error.ts';
import { freshSeconds } from './cache-control.ts';
import { readKeySet } from './key-set.ts';
import type { KeySet } from './key-set.ts';
import type { ReadyKey } from './signature.ts';

/** The part of `fetch` that is used. */
export type Fetch = (
  url: string,
  init: { readonly headers: Record<string, string>; readonly redirect: 'manual'; readonly signal: AbortSignal },
) => Promise<Response>;

/** A key set as it was fetched. */
export interface FetchedKeys {
  readonly keys: KeySet;
  /** Seconds for which there is no need to ask again, 1–600: what the answer allows. */
  readonly freshSeconds: number;
}

interface FetchOptions {
  readonly url: string;
  readonly timeoutMs: number;
  readonly fetch: Fetch;
  readonly readyKey: ReadyKey;
}

/** Of the content as it is read: what was packed for the way counts unpacked. */
const mostBytes = 65_536;

/**
 * The keys published at an address, whole and in time or not at all.
 *
 * @throws `ERR_IDENTITY_KEYS_UNAVAILABLE`
 */
export async function fetchKeySet(options: FetchOptions): Promise<FetchedKeys> {
  const abort = new AbortController();
  const late = new Promise<never>((_, reject) => {
    abort.signal.addEventListener('abort', () => reject(unavailable(`did not answer within ${options.timeoutMs} ms`)), { once: true });
  });
  const timer = setTimeout(() => abort.abort(), options.timeoutMs);
  try {
    // Raced, because a fetch given by the caller may not heed the signal.
    return await Promise.race([late, load(options, abort.signal)]);
  } catch (cause) {
    throw cause instanceof IdentityError ? cause : unavailable('cannot be reached', cause);
  } finally {
    clearTimeout(timer);
  }
}

async function load({ url, fetch, readyKey }: FetchOptions, signal: AbortSignal): Promise<FetchedKeys> {
  // 'manual' and not 'error': workers refuse the latter, and anything but 200 is refused below.
  const response = await fetch(url, { headers: { accept: 'application/json' }, redirect: 'manual', signal });
  if (response.status !== 200) {
    await response.body?.cancel().catch(() => undefined);
    throw unavailable(`answered with status ${response.status}`);
  }
  const document = parse(await readBounded(response));
  return { keys: await readKeySet(document, readyKey), freshSeconds: freshSeconds(response.headers) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unavailable('did not answer with JSON');
  }
}

async function readBounded(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  const reader = response.body?.getReader();
  for (let chunk = await reader?.read(); chunk?.value !== undefined; chunk = await reader?.read()) {
    size += chunk.value.byteLength;
    if (size > mostBytes) {
      await reader?.cancel().catch(() => undefined);
      throw unavailable('answered with more than 64 KiB');
    }
    text += decoder.decode(chunk.value, { stream: true });
  }
  return text + decoder.decode();
}

function unavailable(what: string, cause?: unknown): IdentityError {
  return new IdentityError('ERR_IDENTITY_KEYS_UNAVAILABLE', `The JWKS address ${what}.`, cause === undefined ? undefined : { cause });
}
