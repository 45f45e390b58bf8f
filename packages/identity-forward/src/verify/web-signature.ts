// Checks signatures with WebCrypto, which every runtime has.
import type { CheckSignature } from './signature.ts';

const encoder = new TextEncoder();

/** Readies a key for WebCrypto: directly, as the import of jose brings every algorithm along. @see https://www.rfc-editor.org/rfc/rfc8037 */
export async function readyWebKey(x: string): Promise<CheckSignature> {
  const key = await crypto.subtle.importKey('jwk', { kty: 'OKP', crv: 'Ed25519', x }, 'Ed25519', false, ['verify']);
  return (message, signature) => crypto.subtle.verify('Ed25519', key, signature, encoder.encode(message));
}
