// Finds the one identity token of a request.
import { identityTokenHeader } from '../headers/names.ts';
import { headerValues } from '../headers/read-header.ts';
import type { HeaderSource } from '../headers/read-header.ts';
import { IdentityError } from '../identity-error.ts';

/**
 * The value of `X-Runlayer-Identity-Token`.
 *
 * @throws `ERR_IDENTITY_TOKEN_MISSING` when there is none, `ERR_IDENTITY_TOKEN_REPEATED` when there are several, joined or not.
 */
export function tokenFromHeaders(headers: HeaderSource): string {
  const values = headerValues(headers, identityTokenHeader);
  const [token = ''] = values;
  // Node and web Headers join what came twice with a comma, which no token holds.
  if (values.length > 1 || token.includes(','))
    throw new IdentityError('ERR_IDENTITY_TOKEN_REPEATED', `${identityTokenHeader} came more than once.`);
  if (token === '') throw new IdentityError('ERR_IDENTITY_TOKEN_MISSING', `The request has no ${identityTokenHeader} header.`);
  return token;
}
