// The public surface of @runlayer/identity-forward/sign: Node only.
export { createSigner } from './create-signer.ts';
export type { Signer, SignerOptions } from './create-signer.ts';
export type { EngineName } from './engine.ts';
export { generateSigningKey, publicJwks } from './signing-key.ts';
