// The identity token checked with jose alone. Copy this file, identity-form.ts and identity-keys.ts.
import { createRemoteJWKSet, customFetch, jwtVerify } from 'jose';
import { checkClaims, checkForm } from './identity-form.ts';
import type { Claims } from './identity-form.ts';
import { boundedFetch } from './identity-keys.ts';

/** What the verifier must know; the server id is the one that the platform shows. */
export interface IdentityOptions {
  readonly issuer: string;
  readonly serverId: string;
  /** Default: below the issuer. */
  readonly jwksUrl?: string | undefined;
}

const requiredClaims = ['iss', 'aud', 'iat', 'exp', 'jti', 'sub', 'subject_type', 'organization_id'];

/**
 * Makes the function that gives the claims of a token, or throws. Make it once: it holds the keys. `KeysUnavailable` is worth a 503,
 * anything else a 401.
 */
export function createIdentityVerifier({ issuer, serverId, jwksUrl }: IdentityOptions): (token: string) => Promise<Claims> {
  const url = new URL(jwksUrl ?? `${issuer}/.well-known/runlayer-identity-forward.jwks.json`);
  const local = ['localhost', '127.0.0.1', '[::1]', 'host.docker.internal'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && local)) throw new TypeError('The address of the keys is not https.');
  const keys = createRemoteJWKSet(url, {
    timeoutDuration: 5000,
    cooldownDuration: 30_000,
    cacheMaxAge: 600_000,
    [customFetch]: boundedFetch(),
  });
  return async (token) => {
    // Before jose, so that nothing which is no token makes it fetch keys.
    checkForm(token);
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ['EdDSA'],
      issuer,
      audience: `runlayer:identity-forward:${serverId}`,
      requiredClaims,
      maxTokenAge: 300,
      clockTolerance: 30,
    });
    return checkClaims(payload);
  };
}
