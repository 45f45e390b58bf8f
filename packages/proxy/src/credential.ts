// Finds the credentials in a request: the one to go by, and one that may lie beside it.
import type { IncomingHttpHeaders } from 'node:http';

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
export function findCredential(headers: IncomingHttpHeaders): Credential | undefined {
  const bearer = bearerToken(headers.authorization);
  const key = headers['x-runlayer-api-key'];
  if (typeof key === 'string' && key !== '' && key.length <= longest)
    return bearer === key ? { value: key, inAuthorization: true } : { value: key, inAuthorization: false, beside: bearer };
  return bearer === undefined ? undefined : { value: bearer, inAuthorization: true };
}

function bearerToken(authorization: string | undefined): string | undefined {
  if (authorization === undefined || authorization.length > longest + scheme.length) return undefined;
  if (authorization.slice(0, scheme.length).toLowerCase() !== scheme) return undefined;
  const token = authorization.slice(scheme.length).trim();
  return token === '' ? undefined : token;
}
