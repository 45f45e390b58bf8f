// The functions of sodium-native that are measured, where it is installed.
import { createRequire } from 'node:module';

export interface Sodium {
  crypto_sign_detached(signature: Uint8Array, message: Uint8Array, secret: Uint8Array): void;
  crypto_sign_verify_detached(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean;
}

/** `sodium-native`, or `undefined` where it is not installed or has no binary for this machine. */
export function loadSodium(): Sodium | undefined {
  try {
    return createRequire(import.meta.url)('sodium-native') as Sodium;
  } catch {
    return undefined;
  }
}

/** For contenders that are only started where it was found. */
export function mustHaveSodium(): Sodium {
  const sodium = loadSodium();
  if (sodium === undefined) throw new Error('sodium-native is not installed.');
  return sodium;
}
