// Readies the signing key once and not per token: rotation changes it every few weeks.
import type { SigningKey } from '../jwk.ts';

/** What `ready` makes of the current key; asked for with every token, made when the key is another one. */
export function currentKey<Ready>(key: SigningKey | (() => SigningKey), ready: (key: SigningKey) => Ready): () => Ready {
  let last: { readonly key: SigningKey; readonly ready: Ready } | undefined;
  return () => {
    const current = typeof key === 'function' ? key() : key;
    if (last === undefined || !isSame(current, last.key)) last = { ready: ready(current), key: { ...current } };
    return last.ready;
  };
}

function isSame(one: SigningKey, other: SigningKey): boolean {
  return one.kid === other.kid && one.x === other.x && one.d === other.d;
}
