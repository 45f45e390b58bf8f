// Every claim and every member of the header in turn, with everything that could stand there in its place.
import { goodClaims, goodHeader, now, signParts } from './craft.ts';
import { family } from './forgery.ts';
import type { Forgery, Row } from './forgery.ts';
import type { IdentityErrorCode } from '../error-codes.ts';
import { lookAlikes, ofAnotherType, unfitText } from './mutations.ts';
import type { Mutation } from './mutations.ts';

type Parts = Readonly<Record<string, unknown>>;
type SubjectType = keyof typeof goodClaims;

const missing: Row<Mutation> = ['missing', () => undefined];

/** The rows of a table with one member changed, named after it. */
function mutated(of: Parts, member: string, rows: readonly Row<Mutation>[], also?: string): Row<Parts>[] {
  return rows.map(([name, mutate]) => {
    const value = mutate(String(of[member]));
    return [`${member} ${name}`, { ...of, [member]: value, ...(also === undefined ? {} : { [also]: value }) }];
  });
}

const signedClaims = (claims: Parts): string => signParts(goodHeader, claims);
const named = (type: SubjectType, rows: Row<Parts>[]): Row<Parts>[] => rows.map(([name, parts]) => [`${type}: ${name}`, parts]);

function headerMembers(): Forgery[] {
  const otherCase: Row<Mutation>[] = [
    ['in upper case', (value) => value.toUpperCase()],
    ['in lower case', (value) => value.toLowerCase()],
  ];
  const all = [...ofAnotherType, ...lookAlikes];
  const withHeader = (header: Parts): string => signParts(header, goodClaims.user);
  return [
    ...family('T1', 'ERR_IDENTITY_TOKEN_HEADER', withHeader, mutated(goodHeader, 'alg', [missing, ...all, ...otherCase])),
    // A header without a type is a good one.
    ...family('T2', 'ERR_IDENTITY_TOKEN_HEADER', withHeader, mutated(goodHeader, 'typ', [...all, ...otherCase.slice(1)])),
    ...family('T3', 'ERR_IDENTITY_TOKEN_HEADER', withHeader, mutated(goodHeader, 'kid', [missing, ...all])),
    // In another case the fingerprint may still be one, of a key that nobody has.
    ...family('T3', 'ERR_IDENTITY_TOKEN_KEY', withHeader, mutated(goodHeader, 'kid', [kidInOtherCase])),
  ];
}

/** All but the last letter, so that the text remains 32 bytes in canonical base64url. */
const kidInOtherCase: Row<Mutation> = ['in upper case', (kid) => `${kid.slice(0, -1).toUpperCase()}${kid.slice(-1)}`];

/** Claims that are compared with one right value. */
function exactClaims(): Forgery[] {
  const { user } = goodClaims;
  const all = [missing, ...ofAnotherType, ...lookAlikes];
  const upper: Row<Mutation> = ['in upper case', (value) => value.toUpperCase()];
  const rows: [attack: string, claim: string, code: IdentityErrorCode, rows: readonly Row<Mutation>[]][] = [
    ['T6', 'iss', 'ERR_IDENTITY_TOKEN_ISSUER', [...all, upper]],
    ['T5', 'aud', 'ERR_IDENTITY_TOKEN_AUDIENCE', [...all, upper]],
    ['T12', 'subject_type', 'ERR_IDENTITY_TOKEN_CLAIMS', [...all, upper]],
    ['T12', 'sub', 'ERR_IDENTITY_TOKEN_SUBJECT', [...all, upper]],
  ];
  return rows.flatMap(([attack, claim, code, mutations]) => family(attack, code, signedClaims, mutated(user, claim, mutations)));
}

function times(): Forgery[] {
  const { user } = goodClaims;
  const wrong: Row<Mutation>[] = [
    ...ofAnotherType.filter(([name]) => name !== 'a number'),
    ['false', () => false],
    ['as text', (value) => value],
    ['empty', () => ''],
    ['with a fraction', (value) => Number(value) + 0.5],
    ['negative', (value) => -Number(value)],
    ['beyond all whole numbers', () => 1e300],
    ['just beyond the safe numbers', () => 2 ** 53],
    ['in milliseconds', (value) => Number(value) * 1000],
  ];
  const notBefore: Row<Mutation>[] = [...wrong, ['31 s ahead', () => now + 31]];
  const rows = [
    ...mutated(user, 'iat', [missing, ...wrong]),
    ...mutated(user, 'exp', [missing, ...wrong]),
    ...mutated({ ...user, nbf: now }, 'nbf', notBefore),
  ];
  return family('T7', 'ERR_IDENTITY_TOKEN_TIME', signedClaims, rows);
}

/** Claims whose value the verifier does not know, only what it must look like. */
function freeClaims(type: SubjectType): Forgery[] {
  const claims: Parts = goodClaims[type];
  const long = (characters: number): Row<Mutation> => [`of ${characters} characters`, (value) => value.padEnd(characters, 'x')];
  const text = [...ofAnotherType, ...unfitText];
  const rows: Row<Parts>[] = [];
  const absent: Row<Parts>[] = [];
  const add = (claim: string, mutations: readonly Row<Mutation>[]): void => {
    if (!Object.hasOwn(claims, claim)) return;
    // The subject follows its id, so that nothing but the value itself is wrong.
    rows.push(...mutated(claims, claim, mutations, claims[claim] === claims['sub'] ? 'sub' : undefined));
    absent.push(...mutated(claims, claim, [missing]));
  };
  add('user_id', [...text, long(129)]);
  add('user_email', [...text, long(321)]);
  add('agent_id', [...text, long(129)]);
  add('agent_name', [...ofAnotherType, long(1025), ['of 513 characters that count as two', () => '\u{1f980}'.repeat(513)]]);
  return [
    ...family('T12', 'ERR_IDENTITY_TOKEN_CLAIMS', signedClaims, named(type, rows)),
    ...family('T12', 'ERR_IDENTITY_TOKEN_SUBJECT', signedClaims, named(type, absent)),
  ];
}

function commonClaims(): Forgery[] {
  const { user, agent } = goodClaims;
  const text = [missing, ...ofAnotherType, ...unfitText];
  const long: Row<Mutation> = ['of 129 characters', (value) => value.padEnd(129, 'x')];
  const notAscii: Row<Mutation>[] = [
    ['with a space', (value) => `${value} `],
    ['with a letter outside ASCII', (value) => `${value}\u00e9`],
  ];
  return family('T12', 'ERR_IDENTITY_TOKEN_CLAIMS', signedClaims, [
    ...named('user', mutated(user, 'organization_id', [...text, long])),
    ...named('agent', mutated(agent, 'organization_id', [missing, ...ofAnotherType])),
    ...mutated(user, 'jti', [...text, ...notAscii, long]),
  ]);
}

/** Forgeries by one wrong value each. */
export function mutatedTokens(): Forgery[] {
  return [
    ...headerMembers(),
    ...exactClaims(),
    ...times(),
    ...commonClaims(),
    ...freeClaims('user'),
    ...freeClaims('agent'),
    ...freeClaims('obo'),
  ];
}
