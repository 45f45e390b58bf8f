// The public surface of @runlayer/identity-forward/verify: Web standards only, runs on any JavaScript runtime.
export type { IdentityClaims } from '../claims.ts';
export { IdentityError, isIdentityError } from '../identity-error.ts';
export type { IdentityErrorCode } from '../error-codes.ts';
export type { HeaderSource } from '../headers/read-header.ts';
export type { AgentSubject, OboSubject, Subject, UserSubject } from '../subject.ts';
export { createVerifier } from './create-verifier.ts';
export type { VerifiedIdentity } from './identity.ts';
export { memoryReplayStore } from './memory-replay-store.ts';
export type { MemoryReplayStoreOptions } from './memory-replay-store.ts';
export type { ReplayStore } from './replay-store.ts';
export type { Verifier, VerifierOptions } from './verifier.ts';
