// Takes a token apart and checks its form and header; nothing in it is believed yet.
import { longestToken } from '../claims.ts';
import { IdentityError } from '../identity-error.ts';
import { decodeBase64url } from './decode-base64url.ts';
import { parseStrictJson } from './strict-json.ts';
import type { JsonObject } from './strict-json.ts';
import { isThumbprint } from './thumbprint.ts';

const signatureBytes = 64;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** The token being read, and one part of it decoded. Written over by the next token, so neither leaves this file. */
const scratch = new Uint8Array(longestToken);
const decoded = new Uint8Array(longestToken);
/** The last header that was in order: nearly every token has the same. */
let lastHeader: { readonly text: string; readonly kid: string } | undefined;

/** The parts of a token that is well formed, and no more than that. */
export interface TokenParts {
  readonly kid: string;
  readonly payload: JsonObject;
  /** What was signed, all ASCII: the encoded header and payload with the dot between them. */
  readonly message: string;
  /** 64 bytes. */
  readonly signature: Uint8Array<ArrayBuffer>;
}

/**
 * The parts of a compact JWS.
 *
 * @throws `ERR_IDENTITY_TOKEN_SIZE` above 8 KiB, `ERR_IDENTITY_TOKEN_FORM` when it is no canonical JWS of JSON objects with
 * distinct members, `ERR_IDENTITY_TOKEN_HEADER` when its header asks for anything but EdDSA by a published key.
 * @see https://www.rfc-editor.org/rfc/rfc8725 JWT best current practices
 */
export function readToken(token: string): TokenParts {
  if (typeof token !== 'string' || token === '') throw malformed();
  if (token.length > longestToken) throw new IdentityError('ERR_IDENTITY_TOKEN_SIZE', 'The identity token is larger than 8 KiB.');
  const headerEnd = token.indexOf('.');
  const payloadEnd = token.indexOf('.', headerEnd + 1);
  // Outside ASCII a character has more bytes than one. A third dot is strange to the decoder of the signature.
  if (headerEnd < 0 || payloadEnd < 0 || encoder.encodeInto(token, scratch).written !== token.length) throw malformed();
  const signature = decodeSignature(payloadEnd + 1, token.length);
  const kid = readHeader(token.slice(0, headerEnd));
  return { kid, payload: decodeObject(headerEnd + 1, payloadEnd), message: token.slice(0, payloadEnd), signature };
}

function decodeSignature(start: number, end: number): Uint8Array<ArrayBuffer> {
  const signature = new Uint8Array(signatureBytes);
  // 86 characters are 64 bytes.
  if (end - start !== 86 || decodeBase64url(scratch, start, end, signature) !== signatureBytes) throw malformed();
  return signature;
}

function readHeader(text: string): string {
  if (text !== lastHeader?.text) lastHeader = { text, kid: checkHeader(decodeObject(0, text.length)) };
  return lastHeader.kid;
}

/**
 * Only three members mean something here, and any other may mean something to somebody: `crit` and `b64` change what is
 * signed, `jwk`, `jku`, `x5u` and `x5c` bring a key along. The platform sends none of them, so all are refused.
 */
function checkHeader({ alg, kid, typ, ...rest }: JsonObject): string {
  if (alg !== 'EdDSA') throw badHeader('its algorithm is not EdDSA');
  if (typ !== undefined && typ !== 'JWT') throw badHeader('its type is not JWT');
  if (Object.keys(rest).length > 0) throw badHeader('it has members that no identity token has');
  if (!isThumbprint(kid)) throw badHeader('its kid is not a key fingerprint');
  return kid;
}

/** The JSON object in a part of the scratch. */
function decodeObject(start: number, end: number): JsonObject {
  const length = decodeBase64url(scratch, start, end, decoded);
  let value: JsonObject | undefined;
  try {
    value = length < 0 ? undefined : parseStrictJson(decoder.decode(decoded.subarray(0, length)));
  } catch {
    // A parser's message quotes what it read.
  }
  if (value === undefined) throw malformed();
  return value;
}

function malformed(): IdentityError {
  return new IdentityError('ERR_IDENTITY_TOKEN_FORM', 'The value is not a well-formed identity token.');
}

function badHeader(reason: string): IdentityError {
  return new IdentityError('ERR_IDENTITY_TOKEN_HEADER', `The header of the identity token is refused: ${reason}.`);
}
