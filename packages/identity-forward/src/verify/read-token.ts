// Takes a token apart and checks its form and header; nothing in it is believed yet.
import { decode, encode } from 'jose/base64url';
import { IdentityError } from '../identity-error.ts';
import { parseStrictJson } from './strict-json.ts';
import type { JsonObject } from './strict-json.ts';
import { isThumbprint } from './thumbprint.ts';

const longest = 8192;
const signatureBytes = 64;

/** The parts of a token that is well formed, and no more than that. */
export interface TokenParts {
  readonly header: { readonly kid: string };
  readonly payload: JsonObject;
}

/**
 * The header and payload of a compact JWS.
 *
 * @throws `ERR_IDENTITY_TOKEN_SIZE` above 8 KiB, `ERR_IDENTITY_TOKEN_FORM` when it is no canonical JWS of JSON objects with
 * distinct members, `ERR_IDENTITY_TOKEN_HEADER` when its header asks for anything but EdDSA by a published key.
 * @see https://www.rfc-editor.org/rfc/rfc8725 JWT best current practices
 */
export function readToken(token: string): TokenParts {
  if (typeof token !== 'string' || token === '') throw malformed();
  if (token.length > longest) throw new IdentityError('ERR_IDENTITY_TOKEN_SIZE', 'The identity token is larger than 8 KiB.');
  const [header, payload, signature, ...rest] = token.split('.');
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0) throw malformed();
  if (decodeCanonical(signature).length !== signatureBytes) throw malformed();
  return { header: checkHeader(decodeObject(header)), payload: decodeObject(payload) };
}

/**
 * Only three members mean something here, and any other may mean something to somebody: `crit` and `b64` change what is
 * signed, `jwk`, `jku`, `x5u` and `x5c` bring a key along. The platform sends none of them, so all are refused.
 */
function checkHeader({ alg, kid, typ, ...rest }: JsonObject): { kid: string } {
  if (alg !== 'EdDSA') throw badHeader('its algorithm is not EdDSA');
  if (typ !== undefined && typ !== 'JWT') throw badHeader('its type is not JWT');
  if (Object.keys(rest).length > 0) throw badHeader('it has members that no identity token has');
  if (!isThumbprint(kid)) throw badHeader('its kid is not a key fingerprint');
  return { kid };
}

function decodeObject(part: string): JsonObject {
  const bytes = decodeCanonical(part);
  let value: JsonObject | undefined;
  try {
    value = parseStrictJson(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    // A parser's message quotes what it read.
  }
  if (value === undefined) throw malformed();
  return value;
}

/** Base64url has several spellings of the same bytes (padding, spare bits); a token has one. */
function decodeCanonical(part: string): Uint8Array {
  let bytes: Uint8Array | undefined;
  try {
    bytes = decode(part);
  } catch {
    // As above.
  }
  if (bytes === undefined || encode(bytes) !== part) throw malformed();
  return bytes;
}

function malformed(): IdentityError {
  return new IdentityError('ERR_IDENTITY_TOKEN_FORM', 'The value is not a well-formed identity token.');
}

function badHeader(reason: string): IdentityError {
  return new IdentityError('ERR_IDENTITY_TOKEN_HEADER', `The header of the identity token is refused: ${reason}.`);
}
