// Tokens that every verifier must accept, and who each speaks of.
import type { Subject } from '../subject.ts';
import { goodClaims, goodHeader, headerOf, now, signParts } from './craft.ts';
import type { Part, TestKey } from './craft.ts';
import { padToLength } from './form-forgeries.ts';
import type { Row } from './forgery.ts';

/** A token to accept. */
export interface GoodToken {
  readonly name: string;
  readonly token: string;
  /** Who calls, by the verified claims. */
  readonly subject: Subject;
}

type Claims = Readonly<Record<string, unknown>>;

const { user, agent, obo } = goodClaims;
const crab = '\u{1f980}';

function times(): Row<Claims>[] {
  return [
    ['a clock that is 30 s ahead of ours', { ...user, iat: now + 30, exp: now + 330 }],
    ['expired 29 s ago, within the leeway', { ...user, iat: now - 329, exp: now - 29 }],
    ['expiring this second', { ...user, iat: now - 300, exp: now }],
    ['a lifetime of one second', { ...user, exp: now + 1 }],
    ['a lifetime of one second, 29 s ago', { ...user, iat: now - 30, exp: now - 29 }],
    ['valid from now on', { ...user, nbf: now }],
    ['valid in 30 s, within the leeway', { ...user, nbf: now + 30 }],
    ['valid since the beginning of time', { ...user, nbf: 0 }],
  ];
}

function texts(): Row<Claims>[] {
  const id = (value: string): Claims => ({ ...user, user_id: value, sub: value });
  return [
    ['an agent without a display name', { ...agent, agent_name: '' }],
    ['an agent name of 1024 characters', { ...agent, agent_name: 'n'.repeat(1024) }],
    ['an agent name of 512 characters that count as two', { ...agent, agent_name: crab.repeat(512) }],
    ['an agent name of 1024 characters of three bytes', { ...agent, agent_name: '研'.repeat(1024) }],
    ['an agent name in many scripts', { ...agent, agent_name: 'Žofia Ωmega ייִדיש العربية हिन्दी ไทย 한국어 e\u0301 ﬁ' }],
    ['an agent name of joined characters', { ...obo, agent_name: '👩🏽‍🔬 👨‍👩‍👧‍👦 🏴󠁧󠁢󠁳󠁣󠁴󠁿 🇪🇺' }],
    ['an agent name that changes direction', { ...agent, agent_name: '\u202eevil\u202c \u2067x\u2069' }],
    ['an agent name with control characters', { ...agent, agent_name: 'a\0b\tc\r\nX-Admin: 1\u007f\u0085\u2028' }],
    ['an agent name of spaces', { ...agent, agent_name: '   ' }],
    ['an agent name of JSON', { ...agent, agent_name: '"},{"sub":"x","\\":[{]}:\\\\' }],
    ['an agent name that ends in a backslash', { ...agent, agent_name: 'x\\' }],
    ['an agent name that looks encoded', { ...agent, agent_name: '=?base64?QW5u?=' }],
    ['an agent called __proto__', { ...agent, agent_name: '__proto__' }],
    ['an agent name with the replacement character', { ...agent, agent_name: 'a\ufffdb' }],
    [
      'ids of 128 characters',
      { ...obo, user_id: 'u'.repeat(128), sub: 'u'.repeat(128), agent_id: 'a'.repeat(128), organization_id: 'o'.repeat(128) },
    ],
    ['an id that is no UUID', id('auth0|5f7c8ec7')],
    ['an id of one character', id('7')],
    ['an id with spaces around it', id(' ann ')],
    ['an id outside ASCII', id('użytkownik-7')],
    ['an email of 320 characters', { ...user, user_email: `${'e'.repeat(64)}@${'x'.repeat(255)}` }],
    ['an email outside ASCII', { ...user, user_email: 'jörg@bücher.example' }],
    ['an email in quotes', { ...user, user_email: '"a\\"b, c"@example.com' }],
    ['an organization outside ASCII', { ...user, organization_id: '組織-3' }],
    ['a jti of one character', { ...user, jti: '!' }],
    ['a jti of 128 characters', { ...user, jti: '~'.repeat(128) }],
  ];
}

function extras(): Row<Claims>[] {
  return [
    ['a claim that a later platform may add', { ...user, locale: 'fr' }],
    [
      'claims of every type that a later platform may add',
      { ...obo, a: null, b: [1, { c: {} }], c: { sub: 'x', sub2: ['y'] }, d: 1.5e-7, e: false, f: '' },
    ],
    [
      'claims in other letters beside the real ones',
      { ...user, SUB: 'x', Aud: 'x', User_Id: 'x', ISS: 'x', Exp: 0, Subject_Type: 'agent' },
    ],
    [
      'claims that look alike beside the real ones',
      { ...user, '\u017fub': 'x', 'user_id ': 'x', 'ag\u0435nt_id': 'x', '\uff41\uff55\uff44': 'x' },
    ],
    ['a claim without a name', { ...user, '': 'x' }],
    ['claims that every object has', { ...user, constructor: 'x', toString: 'x', hasOwnProperty: 'x' }],
    ['roles that mean nothing here', { ...user, role: 'admin', scope: '*', act: { sub: 'x' } }],
  ];
}

/** The same claims in other words of JSON. */
function spellings(): Row<string>[] {
  const raw = JSON.stringify(obo);
  const escaped = raw.replaceAll(/[^\0-\x7f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return [
    ['claims with spaces and line ends', JSON.stringify(obo, undefined, '\t').replaceAll('\n', '\r\n')],
    ['claims with spaces around them', ` \n${raw}\t `],
    ['claims in another order', JSON.stringify(Object.fromEntries(Object.entries(obo).toReversed()))],
    ['claims in ASCII alone', escaped],
    ['claims whose names are escaped', raw.replace('"sub"', String.raw`"\u0073\u0075b"`).replace('"aud"', String.raw`"a\u0075d"`)],
    ['slashes that are escaped', raw.replaceAll('/', String.raw`\/`)],
    ['a pair of surrogates that is escaped', raw.replace('研究助手', String.raw`\ud83e\udd80`)],
    ['names that end in backslashes', `${raw.slice(0, -1)},"a\\\\":1,"a\\\\\\"":2,"a":":{"}`],
  ];
}

function headers(): Row<Part>[] {
  const { alg, kid, typ } = goodHeader;
  return [
    ['a header without a type', { alg, kid }],
    ['a header in another order', { kid, typ, alg }],
    ['a header with spaces', ` { "typ" : "JWT" ,\n"alg":"EdDSA", "kid": ${JSON.stringify(kid)} } `],
    ['a header whose names are escaped', JSON.stringify(goodHeader).replace('"alg"', String.raw`"\u0061lg"`)],
  ];
}

/** Every kind of subject, and the edges of what is allowed. */
export function goodTokens(): GoodToken[] {
  const plain: Row<Claims>[] = [
    ['a user', user],
    ['an agent with a name outside ASCII', agent],
    ['an agent on behalf of a user', obo],
  ];
  return [
    ...[...plain, ...times(), ...texts(), ...extras()].map(([name, claims]) => goodToken(name, signParts(goodHeader, claims))),
    ...spellings().map(([name, claims]) => goodToken(name, signParts(goodHeader, claims))),
    ...headers().map(([name, header]) => goodToken(name, signParts(header, user))),
    goodToken('a token of 8192 characters', padToLength(8192)),
  ];
}

/** A good token by any key. */
export function goodBy(name: string, key: TestKey): GoodToken {
  return goodToken(name, signParts(headerOf(key.jwk.kid), user, key));
}

/** A good token beside the subject that its claims name. */
export function goodToken(name: string, token: string): GoodToken {
  const payload = token.split('.')[1] ?? '';
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, string>;
  const fields: [name: string, claim: string][] = [
    ['subjectType', 'subject_type'],
    ['organizationId', 'organization_id'],
    ['userId', 'user_id'],
    ['userEmail', 'user_email'],
    ['agentId', 'agent_id'],
    ['agentName', 'agent_name'],
  ];
  const present = fields.filter(([, claim]) => Object.hasOwn(claims, claim));
  return { name, token, subject: Object.fromEntries(present.map(([field, claim]) => [field, claims[claim]])) as unknown as Subject };
}
