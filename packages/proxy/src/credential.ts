// Finds the credentials in a request: the one to go by, and one that may lie beside it.

/** A credential and where it stood. */
export interface Credential {
  readonly value: string;
  /** Whether it came as `Authorization: Bearer`. */
  readonly inAuthorization: boolean;
  /** Another token in `Authorization`: the upstream's own, or a second key of the platform. */
  readonly beside?: string | undefined;
}

const longest = 8192;
const scheme = 'bearer ';

/** The key of `x-runlayer-api-key`, else of `Authorization: Bearer`; `undefined` without either. */
export function findCredential(apiKey: string | undefined, authorization: string | undefined): Credential | undefined {
  const bearer = bearerToken(authorization);
  if (apiKey !== undefined && apiKey !== '' && apiKey.length <= longest)
    return bearer === apiKey ? { value: apiKey, inAuthorization: true } : { value: apiKey, inAuthorization: false, beside: bearer };
  return bearer === undefined ? undefined : { value: bearer, inAuthorization: true };
}

function bearerToken(authorization: string | undefined): string | undefined {
  if (authorization === undefined || authorization.length > longest + scheme.length) return undefined;
  if (authorization.slice(0, scheme.length).toLowerCase() !== scheme) return undefined;
  const token = authorization.slice(scheme.length).trim();
  return token === '' ? undefined : token;
}
