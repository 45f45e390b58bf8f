// The verifier for any JavaScript runtime: its signatures are checked by WebCrypto.
import { assembleVerifier } from './assemble-verifier.ts';
import type { Verifier, VerifierOptions } from './verifier.ts';
import { readyWebKey } from './web-signature.ts';

export type { Verifier, VerifierOptions } from './verifier.ts';

/**
 * A verifier for the server with this id, behind the platform at this address. Fetches nothing until the first token.
 *
 * @throws `ERR_IDENTITY_OPTIONS` when an option is missing or out of bounds.
 * @example
 * const verifier = createVerifier({ issuer: process.env.RUNLAYER_URL, serverId: process.env.RUNLAYER_SERVER_ID });
 * const caller = await verifier.verifyRequest(request.headers);
 */
export function createVerifier(options: VerifierOptions): Verifier {
  return assembleVerifier(options, readyWebKey);
}
