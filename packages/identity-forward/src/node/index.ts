// The public surface of @runlayer/identity-forward/node: that of /verify, with signatures checked by node:crypto or libsodium.
export type { IdentityClaims } from '../claims.ts';
export { IdentityError, isIdentityError } from '../identity-error.ts';
export type { IdentityErrorCode } from '../error-codes.ts';
export type { HeaderSource } from '../headers/read-header.ts';
export type { AgentSubject, OboSubject, Subject, UserSubject } from '../subject.ts';
export type { VerifiedIdentity } from '../verify/identity.ts';
export { memoryReplayStore } from '../verify/memory-replay-store.ts';
export type { MemoryReplayStoreOptions } from '../verify/memory-replay-store.ts';
export type { ReplayStore } from '../verify/replay-store.ts';
export type { Verifier, VerifierOptions } from '../verify/verifier.ts';
export { createVerifier } from './create-verifier.ts';
export type { NodeVerifier, NodeVerifierOptions } from './create-verifier.ts';
export type { EngineName } from './engine.ts';
