// The public surface of @runlayer/identity-forward: what both ends share. `/verify`, `/sign` and `/headers` hold the rest.
export { audienceOf, jwksPath, tokenLifetimeSeconds } from './claims.ts';
export type { IdentityClaims } from './claims.ts';
export { identityErrors } from './error-codes.ts';
export type { IdentityErrorCode } from './error-codes.ts';
export { identityTokenHeader } from './headers/names.ts';
export { IdentityError, isIdentityError } from './identity-error.ts';
export type { PublicJwk, PublicJwkSet, SigningKey } from './jwk.ts';
export type { AgentSubject, AnonymousSubject, OboSubject, Subject, UserSubject } from './subject.ts';
