// Where used tokens are remembered, for servers to which a token shown twice is one too many.
import { IdentityError } from '../identity-error.ts';

/** Remembers tokens until they expire. Servers that share a `serverId` need one store between them, such as Redis. */
export interface ReplayStore {
  /**
   * Whether this id comes for the first time; remembers it in the same step, so that of two calls at once one is told `true`
   * (Redis: `SET id 1 NX EXAT expiresAt`). What throws, does not answer in time or gives no boolean refuses the token.
   *
   * @param id issuer, audience and `jti` of the token, with spaces between: several platforms and servers may share a store.
   * @param expiresAt seconds since 1970 from which the id may be forgotten: the token's `exp` and the leeway.
   */
  claim(id: string, expiresAt: number): boolean | Promise<boolean>;
}

/**
 * Takes a token once.
 *
 * @throws `ERR_IDENTITY_TOKEN_REPLAYED` when it was taken before, `ERR_IDENTITY_REPLAY_STORE` when the store cannot say.
 */
export async function claimOnce(store: ReplayStore, id: string, expiresAt: number, timeoutMs: number): Promise<void> {
  const isFirst = await ask(store, id, expiresAt, timeoutMs);
  if (isFirst === true) return;
  if (isFirst === false) throw new IdentityError('ERR_IDENTITY_TOKEN_REPLAYED', 'The identity token was used before.');
  throw failed('did not answer with a boolean');
}

async function ask(store: ReplayStore, id: string, expiresAt: number, timeoutMs: number): Promise<unknown> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(failed(`did not answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([late, store.claim(id, expiresAt)]);
  } catch (error) {
    // Its own error stays out: a store may quote the command, and with it the id.
    throw error instanceof IdentityError && error.code === 'ERR_IDENTITY_REPLAY_STORE' ? error : failed('threw an error');
  } finally {
    clearTimeout(timer);
  }
}

function failed(what: string): IdentityError {
  return new IdentityError('ERR_IDENTITY_REPLAY_STORE', `The replay store ${what}.`);
}
