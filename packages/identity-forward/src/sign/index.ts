// The public surface of @runlayer/identity-forward/sign: Node only.
export { createSigner } from './create-signer.ts';
export type { Signer, SignerOptions } from './create-signer.ts';
export type { EngineName } from './engine.ts';
export { generateSigningKey, publicJwks } from './signing-key.ts';
export { earliestTakeover, isRingFull, keyRingStep, publishedKeys, removalTime, ringAfter, takeoverTime } from './key-ring.ts';
export type { KeyRingStep, PromotionReason, RingKey, RingKeyState } from './key-ring.ts';
export { defaultKeyRingTiming, keyRingTiming, keySetMaxAge } from './key-ring-timing.ts';
export type { KeyRingTiming } from './key-ring-timing.ts';
