// Ed25519 keys as JSON (RFC 8037): what is published, and what is kept.

/** A published verification key. @see https://www.rfc-editor.org/rfc/rfc8037 */
export interface PublicJwk {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  /** The public point, 32 bytes in base64url. */
  readonly x: string;
  /** RFC 7638 thumbprint of the key: 43 characters of base64url. */
  readonly kid: string;
  readonly alg: 'EdDSA';
  readonly use: 'sig';
}

/** A signing key with its secret part `d`: seal it where it is stored, never log it. */
export interface SigningKey extends PublicJwk {
  /** The secret, 32 bytes in base64url. */
  readonly d: string;
}

/** A JSON Web Key Set, as served at {@link import('./claims.ts').jwksPath}. @see https://www.rfc-editor.org/rfc/rfc7517#section-5 */
export interface PublicJwkSet {
  readonly keys: readonly PublicJwk[];
}
