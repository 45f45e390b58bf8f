// The verifier for Node servers: the same checks, with signatures that cost half of what WebCrypto takes.
import { assembleVerifier } from '../verify/assemble-verifier.ts';
import type { Verifier, VerifierOptions } from '../verify/verifier.ts';
import { chooseEngine } from './engine.ts';
import type { EngineName } from './engine.ts';

/** What {@link createVerifier} needs: all that the one of `/verify` does, and who is to check the signatures. */
export interface NodeVerifierOptions extends VerifierOptions {
  /**
   * Who checks the signatures. Default: `auto`, libsodium where the package `sodium-native` is installed and runs, or else `node:crypto`.
   * Both take and refuse the same tokens.
   */
  readonly engine?: EngineName | 'auto' | undefined;
}

/** Checks identity tokens for one server, on Node. */
export interface NodeVerifier extends Verifier {
  /** Who checks the signatures, chosen once. */
  readonly engine: EngineName;
}

/**
 * A verifier for the server with this id, behind the platform at this address: as `createVerifier` of `/verify` in every answer. A
 * signature is checked in this thread and not in another, which is what saves the time.
 *
 * @throws `ERR_IDENTITY_OPTIONS` when an option is missing or out of bounds, `ERR_IDENTITY_ENGINE` when the engine is `sodium`
 * and cannot be had.
 */
export function createVerifier(options: NodeVerifierOptions): NodeVerifier {
  const engine = chooseEngine(options.engine ?? 'auto');
  return { engine: engine.name, ...assembleVerifier(options, engine.readyKey) };
}
