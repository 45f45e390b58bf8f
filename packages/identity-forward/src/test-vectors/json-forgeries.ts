// T9 and form: texts that one JSON reader takes and another does not, or that two readers read differently. All well signed.
import { goodClaims, goodHeader, now, platformKey, signParts } from './craft.ts';
import type { Part } from './craft.ts';
import { family } from './forgery.ts';
import type { Forgery, Row } from './forgery.ts';

const claims = goodClaims.obo;
const raw = JSON.stringify(claims);
const rawHeader = JSON.stringify(goodHeader);
const withPayload = (payload: Part): string => signParts(goodHeader, payload);
const withHeader = (header: Part): string => signParts(header, goodClaims.user);

/** A member that stands before the right one, for who keeps the last; behind it, for who keeps the first. */
function twice(object: Readonly<Record<string, unknown>>, text: string): Row<string>[] {
  return Object.keys(object).flatMap((name): Row<string>[] => [
    [`${name} twice, a wrong one first`, `{${JSON.stringify(name)}:"x",${text.slice(1)}`],
    [`${name} twice, a wrong one last`, `${text.slice(0, -1)},${JSON.stringify(name)}:"x"}`],
  ]);
}

function repeats(): Forgery[] {
  return [
    ...family('T9', 'ERR_IDENTITY_TOKEN_FORM', withPayload, [
      ...twice(claims, raw),
      ['the same sub twice', `{"sub":${JSON.stringify(claims.sub)},${raw.slice(1)}`],
      ['sub twice, the second time in escapes', `${raw.slice(0, -1)},"\\u0073ub":"x"}`],
      ['aud twice, the second time in escapes', `${raw.slice(0, -1)},"a\\u0075d":"x"}`],
      ['an unknown claim twice', `${raw.slice(0, -1)},"x":1,"x":2}`],
    ]),
    ...family('T9', 'ERR_IDENTITY_TOKEN_FORM', withHeader, [
      ...twice(goodHeader, rawHeader),
      ['alg none, then alg EdDSA', `{"alg":"none",${rawHeader.slice(1)}`],
      ['kid twice, the second time in escapes', `${rawHeader.slice(0, -1)},"\\u006bid":${JSON.stringify(platformKey.jwk.kid)}}`],
    ]),
  ];
}

const replaceExp = (value: string): string => raw.replace(`"exp":${now + 300}`, `"exp":${value}`);

function notJson(): Forgery[] {
  return family('form', 'ERR_IDENTITY_TOKEN_FORM', withPayload, [
    ['claims that are not JSON', '{sub:1}'],
    ['claims cut short', raw.slice(0, -1)],
    ['claims twice', raw + raw],
    ['claims and something behind', `${raw}x`],
    ['claims and a NUL behind', `${raw}\0`],
    ['claims with a comma at the end', `${raw.slice(0, -1)},}`],
    ['claims with a comment', `/* */${raw}`],
    ['claims in single quotes', raw.replaceAll('"', "'")],
    ['claims with a line end in a text', raw.replace('ann@', 'ann\n@')],
    ['claims with a bad escape', raw.replace('ann@', String.raw`ann\x40`)],
    ['claims with half an escape', raw.replace('ann@', String.raw`ann\u00`)],
    ['claims with a byte order mark', `\ufeff${raw}`],
    ['claims behind a no-break space', `\u00a0${raw}`],
    ['exp NaN', replaceExp('NaN')],
    ['exp Infinity', replaceExp('Infinity')],
    ['exp -Infinity', replaceExp('-Infinity')],
    ['exp in hex', replaceExp(`0x${(now + 300).toString(16)}`)],
    ['exp with a zero before', replaceExp(`0${now + 300}`)],
    ['exp with a plus', replaceExp(`+${now + 300}`)],
    ['exp with underscores', replaceExp('1_767_323_345')],
    ['exp with a point and no digit', replaceExp(`${now + 300}.`)],
  ]);
}

function notText(): Forgery[] {
  const spliced = (bytes: readonly number[]): Buffer => {
    const [before = '', after = ''] = raw.split('ann@');
    return Buffer.concat([Buffer.from(`${before}ann`), Buffer.from(bytes), Buffer.from(`@${after}`)]);
  };
  return family<Part>('form', 'ERR_IDENTITY_TOKEN_FORM', withPayload, [
    ['claims that are not UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
    ['a byte in a text that is not UTF-8', spliced([0xff])],
    ['a text in Latin-1', spliced([0xe9])],
    ['an overlong NUL in a text', spliced([0xc0, 0x80])],
    ['an overlong slash in a text', spliced([0xe0, 0x80, 0xaf])],
    ['half a surrogate pair in a text, as UTF-8', spliced([0xed, 0xa0, 0x80])],
    ['a character above Unicode in a text', spliced([0xf4, 0x90, 0x80, 0x80])],
    ['a character cut short in a text', spliced([0xf0, 0x9f, 0xa6])],
    ['claims in UTF-16, little-endian', Buffer.from(raw, 'utf16le')],
    ['claims in UTF-16 with its mark', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(raw, 'utf16le')])],
    ['claims in UTF-32', Buffer.concat(Array.from(raw, (character) => Buffer.from([character.charCodeAt(0), 0, 0, 0])))],
  ]);
}

function notAnObject(): Forgery[] {
  const values: Row<Part>[] = [
    ['a list', [claims]],
    ['a list of pairs', Object.entries(claims)],
    ['text', '"sub"'],
    ['text that holds JSON', JSON.stringify(raw)],
    ['null', null],
    ['a number', 7],
    ['true', 'true'],
    ['a space', ' '],
  ];
  return [
    ...family(
      'form',
      'ERR_IDENTITY_TOKEN_FORM',
      withPayload,
      values.map(([name, part]): Row<Part> => [`${name} as claims`, part]),
    ),
    ...family('form', 'ERR_IDENTITY_TOKEN_FORM', withHeader, [
      ['a list as header', [goodHeader]],
      ['text as header', '"EdDSA"'],
      ['null as header', null],
      ['a number as header', 7],
      ['nothing as header', ''],
      ['a header that is not JSON', 'EdDSA'],
      ['a header with a byte order mark', `\ufeff${rawHeader}`],
      ['a header with something behind', `${rawHeader}{}`],
      ['a header in UTF-16', Buffer.from(rawHeader, 'utf16le')],
      [
        'a header with a byte that is not UTF-8',
        Buffer.concat([Buffer.from(rawHeader.slice(0, -1)), Buffer.from([0x2c, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])]),
      ],
    ]),
    ...family('T6', 'ERR_IDENTITY_TOKEN_ISSUER', withPayload, [
      ['a __proto__ with the right claims', `{"__proto__":${raw}}`],
      ['the right claims one level down', { claims, payload: claims }],
      ['no claims', {}],
    ]),
  ];
}

/** Forgeries by how header and claims are written. */
export function jsonForgeries(): Forgery[] {
  return [...repeats(), ...notJson(), ...notText(), ...notAnObject()];
}
