// What jose leaves open: one spelling of a token, no member twice, no header member that could mean something, claims that agree.
import { base64url } from 'jose';

/** Checked claims; `subject_type` tells which of the optional ones are there. */
export interface Claims {
  readonly subject_type: 'user' | 'agent' | 'obo';
  readonly sub: string;
  readonly jti: string;
  readonly organization_id: string;
  readonly user_id?: string;
  readonly user_email?: string;
  readonly agent_id?: string;
  readonly agent_name?: string;
}

type JsonObject = Readonly<Record<string, unknown>>;

const claimsOf: Readonly<Record<string, readonly string[]>> = {
  user: ['user_id', 'user_email'],
  agent: ['agent_id', 'agent_name'],
  obo: ['user_id', 'user_email', 'agent_id', 'agent_name'],
};
const longest: Readonly<Record<string, number>> = { user_email: 320, agent_name: 1024 };

/** Throws for what is no identity token, whoever signed it. */
export function checkForm(token: string): void {
  const parts = typeof token === 'string' && token.length <= 8192 ? token.split('.') : [];
  if (parts.length !== 3) throw new TypeError('The identity token is missing, too large or malformed.');
  const [header, claims] = parts.map(decodeCanonical).slice(0, 2).map(readObject) as [JsonObject, JsonObject];
  const { alg, kid, typ = 'JWT', ...others } = header;
  if (alg !== 'EdDSA' || typ !== 'JWT' || typeof kid !== 'string' || Object.keys(others).length > 0) {
    throw new TypeError('The header of the identity token is refused.');
  }
  checkClaims(claims);
}

/** The claims, when they are whole seconds, a life of five minutes at most, one audience, and ids that fit the subject type. */
export function checkClaims(claims: JsonObject): Claims {
  const { iat, exp, nbf, aud } = claims;
  if (!isSeconds(iat) || !isSeconds(exp) || exp <= iat || exp - iat > 300 || (nbf !== undefined && !isSeconds(nbf))) {
    throw new TypeError('The identity token does not live five minutes or less.');
  }
  if (typeof claims['iss'] !== 'string' || typeof aud !== 'string')
    throw new TypeError('The identity token has no issuer, or not one audience.');
  const type = claims['subject_type'];
  const wanted = typeof type === 'string' && Object.hasOwn(claimsOf, type) ? (claimsOf[type] ?? []) : [];
  const present = (claimsOf['obo'] ?? []).filter((name) => Object.hasOwn(claims, name));
  if (wanted.length === 0 || present.join() !== wanted.join()) throw new TypeError('The identity token names no known kind of subject.');
  for (const name of ['jti', 'organization_id', ...wanted]) {
    if (!isText(name, claims[name])) throw new TypeError(`${name} of the identity token is missing or unusable.`);
  }
  if (claims['sub'] !== (claims['user_id'] ?? claims['agent_id'])) throw new TypeError('The identity token is not about its own subject.');
  return claims as unknown as Claims;
}

function isSeconds(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** A display name is free text; anything else is something, and fit for one line. */
function isText(name: string, value: unknown): boolean {
  if (typeof value !== 'string' || value.length > (longest[name] ?? 128)) return false;
  if (name === 'jti') return /^[\x21-\x7e]+$/.test(value);
  return name === 'agent_name' || (value.trim() !== '' && !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(value));
}

function decodeCanonical(part: string): Uint8Array {
  const bytes = base64url.decode(part);
  if (base64url.encode(bytes) !== part) throw new TypeError('The identity token is spelled in another way.');
  return bytes;
}

function readObject(bytes: Uint8Array): JsonObject {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value) || countMembers(text) !== Object.keys(value).length) {
    throw new TypeError('The identity token holds no JSON object, or one with a member that stands twice.');
  }
  return value as JsonObject;
}

/** With how many members the outermost object is written; `JSON.parse` keeps the last of two that have one name. */
function countMembers(text: string): number {
  let depth = 0;
  let members = 0;
  for (const [part] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:]/g)) {
    if (part === '{' || part === '[') depth += 1;
    else if (part === '}' || part === ']') depth -= 1;
    else if (part === ':' && depth === 1) members += 1;
  }
  return members;
}
