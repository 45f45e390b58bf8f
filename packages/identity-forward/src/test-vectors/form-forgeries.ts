// T9 to T11: values that are no token, a token in disguise, a token changed after signing.
import { sign } from 'node:crypto';
import { encodePart, goodClaims, goodHeader, platformKey, signParts } from './craft.ts';
import type { Part } from './craft.ts';
import { family } from './forgery.ts';
import type { Forgery, Row } from './forgery.ts';

const claims = goodClaims.user;
const good = signParts(goodHeader, claims);
const [head = '', body = '', signature = ''] = good.split('.');
const bytes = Buffer.from(signature, 'base64url');
/** Order of the Ed25519 group, little-endian: a signature's second half is below it. */
const order = Buffer.from('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010', 'hex');

const asIs = (token: string): string => token;
const withSignature = (value: Uint8Array): string => `${head}.${body}.${Buffer.from(value).toString('base64url')}`;
const overMessage = (message: string | Buffer): Uint8Array => sign(null, Buffer.from(message), platformKey.secret);

function flipped(bit: number): Uint8Array {
  return bytes.map((byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
}

/** The same signature with its second half raised by the group's order: equal to a careless verifier. */
function raisedByOrder(times: number): Uint8Array {
  const raised = Buffer.from(bytes);
  let carry = 0;
  for (let index = 0; index < 32; index += 1) {
    const sum = (raised[32 + index] ?? 0) + times * (order[index] ?? 0) + carry;
    raised[32 + index] = sum & 0xff;
    carry = sum >> 8;
  }
  return raised;
}

const halves = (first: Uint8Array, second: Uint8Array): Uint8Array => Buffer.concat([first, second]);
const zeros = new Uint8Array(32);
const hex = (text: string): Uint8Array => Buffer.from(text, 'hex');

function changedSignatures(): Forgery[] {
  return family('T10', 'ERR_IDENTITY_TOKEN_SIGNATURE', withSignature, [
    ...[0, 1, 100, 255, 256, 300, 400, 503, 508, 511].map((bit): Row<Uint8Array> => [`bit ${bit} of the signature turned`, flipped(bit)]),
    ['a signature of zeros', new Uint8Array(64)],
    ['a signature of ones', new Uint8Array(64).fill(0xff)],
    ['a signature whose first half is the neutral point', halves(hex(`01${'00'.repeat(31)}`), zeros)],
    ['a signature whose first half is the neutral point above the prime', halves(hex(`ee${'ff'.repeat(30)}7f`), zeros)],
    ['a signature whose first half is the neutral point with a sign', halves(hex(`01${'00'.repeat(30)}80`), zeros)],
    ['a signature whose first half has order 2', halves(hex(`ec${'ff'.repeat(30)}7f`), zeros)],
    ['a signature whose first half has order 8', halves(hex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'), zeros)],
    ['a signature whose first half is the key', halves(Buffer.from(platformKey.jwk.x, 'base64url'), zeros)],
    ['a signature whose second half is zero', halves(bytes.subarray(0, 32), zeros)],
    ['a signature whose second half is the order', halves(bytes.subarray(0, 32), order)],
    ['a signature raised by the order of the group', raisedByOrder(1)],
    ['a signature raised by seven times the order', raisedByOrder(7)],
    ['a signature with its halves exchanged', halves(bytes.subarray(32), bytes.subarray(0, 32))],
    ['a signature in the other byte order', Uint8Array.from(bytes).toReversed()],
    ['a signature of the claims alone', overMessage(body)],
    ['a signature of the header alone', overMessage(head)],
    ['a signature of what is encoded', overMessage(`${JSON.stringify(goodHeader)}.${JSON.stringify(claims)}`)],
    ['a signature without the dot', overMessage(`${head}${body}`)],
    ['a signature with a dot more', overMessage(`${head}.${body}.`)],
    ['a signature of nothing', overMessage('')],
    ['a signature of another token', Buffer.from(signParts(goodHeader, goodClaims.agent).split('.')[2] ?? '', 'base64url')],
  ]);
}

function changedClaims(): Forgery[] {
  const raw = JSON.stringify(claims);
  return family('T10', 'ERR_IDENTITY_TOKEN_SIGNATURE', (payload: Part) => `${head}.${encodePart(payload)}.${signature}`, [
    ['another email under the same signature', { ...claims, user_email: 'eve@example.com' }],
    ['another user under the same signature', { ...claims, user_id: 'eve', sub: 'eve' }],
    ['another organization under the same signature', { ...claims, organization_id: 'evil' }],
    ['a longer life under the same signature', { ...claims, iat: claims.iat + 20, exp: claims.exp + 20 }],
    ['another jti under the same signature', { ...claims, jti: 'fresh' }],
    ['a claim more under the same signature', { ...claims, role: 'admin' }],
    ['the same claims with a space', raw.replace(',', ', ')],
    ['the same claims in another order', Object.fromEntries(Object.entries(claims).toReversed())],
  ]);
}

/** The last character of a part may have spare bits; setting one spells the same bytes anew. */
function respelled(part: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return `${part.slice(0, -1)}${alphabet[alphabet.indexOf(part.slice(-1)) + 1] ?? ''}`;
}

/** Claims whose encoding ends in spare bits, which is a matter of their length. */
const oddBody = [claims, { ...claims, x: '' }, { ...claims, x: '1' }].map(encodePart).find((part) => part.length % 4 !== 0) ?? '';

/** Base64 that is not the one spelling of its bytes; signed, where it is the claims that are spelled. */
function respellings(): Forgery[] {
  const signed = (message: string): string => `${message}.${Buffer.from(overMessage(message)).toString('base64url')}`;
  return family('T10', 'ERR_IDENTITY_TOKEN_FORM', asIs, [
    ['a signature one byte short', withSignature(bytes.subarray(0, 63))],
    ['a signature one byte long', withSignature(Buffer.concat([bytes, Buffer.of(0)]))],
    ['a signature twice as long', withSignature(Buffer.concat([bytes, bytes]))],
    ['another spelling of the signature', `${head}.${body}.${respelled(signature)}`],
    ['padding', `${good}==`],
    ['padding of the claims', signed(`${head}.${oddBody}${'='.repeat(4 - (oddBody.length % 4))}`)],
    ['another spelling of the claims', signed(`${head}.${respelled(oddBody)}`)],
    ['a line end in the claims', signed(`${head}.${body.slice(0, 40)}\n${body.slice(40)}`)],
    ['a space in the claims', signed(`${head}.${body.slice(0, 40)} ${body.slice(40)}`)],
    ['a space behind the claims', signed(`${head}.${body} `)],
    ['a star in the claims', signed(`${head}.${body.slice(0, 40)}*${body.slice(40)}`)],
    ['a letter outside ASCII in the claims', signed(`${head}.${body.slice(0, 40)}\u00e9${body.slice(40)}`)],
    ['a line end in the signature', `${head}.${body}.${signature.slice(0, 40)}\n${signature.slice(40)}`],
    ['ordinary base64', `${head}.${body.replace(/-|_|$/, '+')}.${signature}`],
    ['a signature in hex', `${head}.${body}.${bytes.toString('hex')}`],
  ]);
}

function noTokens(): Forgery[] {
  return family('form', 'ERR_IDENTITY_TOKEN_FORM', asIs, [
    ['nothing', ''],
    ['a space', ' '],
    ['a word', 'token'],
    ['two dots', '..'],
    ['three words', 'a.b.c'],
    ['two parts', `${head}.${body}`],
    ['a token without its header', `.${body}.${signature}`],
    ['a token without its claims', `${head}..${signature}`],
    ['a token with its claims detached, signed', `${head}..${Buffer.from(overMessage(`${head}.`)).toString('base64url')}`],
    ['four parts', `${good}.`],
    ['a dot before it', `.${good}`],
    ['five parts, as an encrypted token has', `${good}.AAAA.AAAA`],
    ['JSON serialization', JSON.stringify({ protected: head, payload: body, signature })],
    ['general JSON serialization', JSON.stringify({ payload: body, signatures: [{ protected: head, signature }] })],
    ['a scheme before it', `Bearer ${good}`],
    ['a space before it', ` ${good}`],
    ['a space after it', `${good} `],
    ['a line end after it', `${good}\n`],
    ['a NUL after it', `${good}\0`],
    ['quotes around it', `"${good}"`],
    ['fullwidth dots', good.replaceAll('.', '\uff0e')],
    ['escapes in it', good.replaceAll('.', '%2E')],
    ['the whole token in base64url', encodePart(good)],
  ]);
}

/** Forgeries by how the token is written. */
export function formForgeries(): Forgery[] {
  const padded = (length: number): string => signParts(goodHeader, { ...claims, padding: 'x'.repeat(length) });
  return [
    ...family('T9', 'ERR_IDENTITY_TOKEN_FORM', asIs, [
      ['two tokens joined', `${good}, ${good}`],
      ['two tokens joined without a space', `${good},${good}`],
      ['a good token and a bad one joined', `${good}, x`],
      ['nothing and a good token joined', `, ${good}`],
      ['two tokens with a semicolon', `${good};${good}`],
    ]),
    ...changedSignatures(),
    ...changedClaims(),
    ...respellings(),
    ...family('T11', 'ERR_IDENTITY_TOKEN_SIZE', asIs, [
      ['a token of 8193 characters', padToLength(8193)],
      ['a token above 8 KiB', padded(8192)],
      ['8193 dots', '.'.repeat(8193)],
    ]),
    ...noTokens(),
  ];
}

/** A well signed token of a given length. Every length is within reach: a byte of claims is four thirds of a character. */
export function padToLength(length: number): string {
  const { kid, ...rest } = goodHeader;
  for (let padding = Math.floor((length - good.length) * 0.75) - 40; ; padding += 1) {
    for (const header of [goodHeader, { kid, ...rest }, ` ${JSON.stringify(goodHeader)}`, `  ${JSON.stringify(goodHeader)}`]) {
      const token = signParts(header, { ...claims, padding: 'x'.repeat(padding) });
      if (token.length === length) return token;
      if (token.length > length + 40) throw new Error(`No token of ${length} characters.`);
    }
  }
}
