// T9 to T11: values that are no token, a token in disguise, a token changed after signing.
import { encodePart, goodClaims, goodHeader, signParts } from './craft.ts';
import type { Part } from './craft.ts';
import { family } from './forgery.ts';
import type { Forgery } from './forgery.ts';

const claims = goodClaims.user;
const good = signParts(goodHeader, claims);
const [head = '', body = '', signature = ''] = good.split('.');
const bytes = Buffer.from(signature, 'base64url');
/** Order of the Ed25519 group, little-endian: a signature's second half is below it. */
const order = Buffer.from('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010', 'hex');

const withSignature = (value: Uint8Array): string => `${head}.${body}.${Buffer.from(value).toString('base64url')}`;

function flipped(position: number): Uint8Array {
  return bytes.map((byte, index) => (index === position ? byte ^ 1 : byte));
}

/** The same signature with its second half raised by the group's order: equal to a careless verifier. */
function raisedByOrder(): Uint8Array {
  const raised = Buffer.from(bytes);
  let carry = 0;
  for (let index = 0; index < 32; index += 1) {
    const sum = (raised[32 + index] ?? 0) + (order[index] ?? 0) + carry;
    raised[32 + index] = sum & 0xff;
    carry = sum >> 8;
  }
  return raised;
}

/** The last character of a 64-byte signature has four spare bits; setting one spells the same bytes anew. */
function respelled(): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const last = alphabet[alphabet.indexOf(good.slice(-1)) + 1] ?? '';
  return `${good.slice(0, -1)}${last}`;
}

const raw = JSON.stringify(claims);
const other = JSON.stringify(goodClaims.agent.agent_id);

/** Forgeries by how the token is written. */
export function formForgeries(): Forgery[] {
  const withPayload = (payload: Part): string => signParts(goodHeader, payload);
  return [
    ...family('T9', 'ERR_IDENTITY_TOKEN_FORM', withPayload, [
      ['a claim that stands twice', `{"sub":${other},${raw.slice(1)}`],
      ['a claim that stands twice, the second time in escapes', `${raw.slice(0, -1)},"\\u0073ub":${other}}`],
      ['an audience that stands twice', `{"aud":"runlayer:identity-forward:other",${raw.slice(1)}`],
    ]),
    ...family('T9', 'ERR_IDENTITY_TOKEN_FORM', (header: string) => signParts(header, claims), [
      ['an algorithm that stands twice', `{"alg":"none",${JSON.stringify(goodHeader).slice(1)}`],
    ]),
    ...family('T9', 'ERR_IDENTITY_TOKEN_FORM', (token: string) => token, [['two tokens joined', `${good}, ${good}`]]),
    ...family('T10', 'ERR_IDENTITY_TOKEN_SIGNATURE', withSignature, [
      ['the first bit of the signature turned', flipped(0)],
      ['a middle bit of the signature turned', flipped(33)],
      ['the last bit of the signature turned', flipped(63)],
      ['a signature of zeros', new Uint8Array(64)],
      ['a point of small order as signature', Uint8Array.from({ length: 64 }, (_, index) => (index === 0 ? 1 : 0))],
      ['a signature raised by the order of the group', raisedByOrder()],
    ]),
    ...family('T10', 'ERR_IDENTITY_TOKEN_FORM', withSignature, [
      ['a signature one byte short', bytes.subarray(0, 63)],
      ['a signature one byte long', Buffer.concat([bytes, Buffer.of(0)])],
    ]),
    ...family('T10', 'ERR_IDENTITY_TOKEN_FORM', (token: string) => token, [
      ['another spelling of the signature', respelled()],
      ['padding', `${good}==`],
    ]),
    ...family('T10', 'ERR_IDENTITY_TOKEN_SIGNATURE', (payload: Part) => `${head}.${encodePart(payload)}.${signature}`, [
      ['another email under the same signature', { ...claims, user_email: 'eve@example.com' }],
      ['the same claims with a space', raw.replace(',', ', ')],
    ]),
    ...family('T11', 'ERR_IDENTITY_TOKEN_SIZE', withPayload, [['a token above 8 KiB', { ...claims, padding: 'x'.repeat(8192) }]]),
    ...family('form', 'ERR_IDENTITY_TOKEN_FORM', withPayload, [
      ['a list as claims', [claims]],
      ['text as claims', '"sub"'],
      ['null as claims', null],
      ['a number as claims', 7],
      ['claims that are not JSON', '{sub:1}'],
      ['claims cut short', raw.slice(0, -1)],
      ['claims behind a byte order mark', `\ufeff${raw}`],
      ['claims that are not UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
    ]),
    ...family('form', 'ERR_IDENTITY_TOKEN_FORM', (token: string) => token, [
      ['nothing', ''],
      ['a word', 'token'],
      ['two parts', `${head}.${body}`],
      ['four parts', `${good}.`],
      ['five parts, as an encrypted token has', `${good}.AAAA.AAAA`],
      ['JSON serialization', JSON.stringify({ protected: head, payload: body, signature })],
      ['a scheme before it', `Bearer ${good}`],
      ['a space before it', ` ${good}`],
      ['a line end after it', `${good}\n`],
      ['ordinary base64', `${head}.${body.replace(/-|_|$/, '+')}.${signature}`],
      ['a header that is no object', `${encodePart([])}.${body}.${signature}`],
      ['a header that is not JSON', `${encodePart('EdDSA')}.${body}.${signature}`],
      ['quotes around it', `"${good}"`],
    ]),
  ];
}
