// Subjects as plain headers: what is written, what else may be read, and what must be refused.
import { encodeHeaderValue, subjectHeaders } from '../headers/index.ts';
import type { IdentityErrorCode } from '../error-codes.ts';
import type { AgentSubject, AnonymousSubject, OboSubject, Subject, UserSubject } from '../subject.ts';

type Lines = readonly (readonly [name: string, value: string])[];

/** A subject and its headers. */
export interface GoodHeaders {
  readonly name: string;
  /** Whether a writer sends exactly these. If not, a reader must still take them. */
  readonly written: boolean;
  readonly subject: Subject | AnonymousSubject;
  readonly headers: Lines;
}

/** Headers to refuse. */
export interface BadHeaders {
  readonly name: string;
  readonly headers: Lines;
  readonly code: IdentityErrorCode;
}

const organizationId = '0a000000-0000-4000-8000-000000000003';
const user: UserSubject = {
  subjectType: 'user',
  organizationId,
  userId: '0b000000-0000-4000-8000-000000000004',
  userEmail: 'ann@example.com',
};
const agent: AgentSubject = {
  subjectType: 'agent',
  organizationId,
  agentId: '0c000000-0000-4000-8000-000000000005',
  agentName: 'Research',
};
const obo: OboSubject = { ...user, ...agent, subjectType: 'obo' };
const anonymous: AnonymousSubject = { subjectType: 'anonymous', organizationId };
const callName = (agentName: string): Subject => ({ ...agent, agentName });

const names: readonly string[] = [
  '研究助手',
  'Žofia',
  'naïve agent',
  '🦀 crab',
  '👩🏽‍🔬',
  'العربية',
  ' space before',
  'space after ',
  '   ',
  'line\r\nX-Admin: 1',
  'NUL\0',
  'tab\tinside',
  'DEL\u007f',
  'a line\u2028separator',
  '\ufeffmark',
  '=?base64?QW5u?=',
  '=?base64??=',
  '=?base64?',
  '=?utf-8?Q?Ann?=',
  'comma, inside',
  '"quotes" and \\backslash',
  '%E7%A0%94',
  'a: b; c=d',
  '~',
  'x'.repeat(1024),
  '研'.repeat(1024),
];

function written(): GoodHeaders[] {
  const subjects: (readonly [name: string, subject: Subject | AnonymousSubject])[] = [
    ['a user', user],
    ['an agent', agent],
    ['an agent on behalf of a user', obo],
    ['nobody, on an exposed route', anonymous],
    ['an agent without a display name', callName('')],
    ...names.map((name): readonly [string, Subject] => [`an agent name: ${shown(name)}`, callName(name)]),
    ['an email outside ASCII', { ...user, userEmail: 'jörg@bücher.example' }],
    ['an email with a comma', { ...user, userEmail: '"a, b"@example.com' }],
    ['an id outside ASCII', { ...user, userId: 'użytkownik-7' }],
    ['an id with a comma', { ...obo, agentId: 'a,b' }],
    ['an organization outside ASCII', { ...anonymous, organizationId: '組織' }],
    ['an email of 320 characters', { ...user, userEmail: `${'e'.repeat(64)}@${'x'.repeat(255)}` }],
  ];
  return subjects.map(([name, subject]) => ({ name, written: true, subject, headers: subjectHeaders(subject) }));
}

function shown(name: string): string {
  return name.length > 100 ? `${name.length} of ${name.slice(0, 1)}` : JSON.stringify(name).slice(1, -1);
}

/** The lines of a subject with one changed, added or (`undefined`) taken away. */
function lines(subject: Subject | AnonymousSubject, change: Readonly<Record<string, string | undefined>> = {}): Lines {
  const kept = subjectHeaders(subject).filter(([name]) => !Object.hasOwn(change, name));
  return [...kept, ...Object.entries(change).filter((line): line is [string, string] => line[1] !== undefined)];
}

function readable(): GoodHeaders[] {
  const inCase = (change: (name: string) => string): Lines => subjectHeaders(obo).map(([name, value]) => [change(name), value]);
  const cases: (readonly [name: string, subject: Subject, headers: Lines])[] = [
    ['names in lower case', obo, inCase((name) => name.toLowerCase())],
    ['names in upper case', obo, inCase((name) => name.toUpperCase())],
    ['another order', obo, subjectHeaders(obo).toReversed()],
    [
      'other headers beside them',
      user,
      [...lines(user), ['X-Runlayer-Other', 'x'], ['User-Agent', 'x'], ['X-Runlayer-Identity-Token', 'x']],
    ],
    ['an encoded name that needed no encoding', callName('Ann'), lines(agent, { 'X-Runlayer-Agent-Name': '=?base64?QW5u?=' })],
    [
      'an encoded email that needed no encoding',
      user,
      lines(user, { 'X-Runlayer-User-Email': `=?base64?${Buffer.from(user.userEmail).toString('base64')}?=` }),
    ],
    ['an opening without an end', callName('=?base64?QW5u'), lines(agent, { 'X-Runlayer-Agent-Name': '=?base64?QW5u' })],
    ['another encoding', callName('=?BASE64?QW5u?='), lines(agent, { 'X-Runlayer-Agent-Name': '=?BASE64?QW5u?=' })],
  ];
  return cases.map(([name, subject, headers]) => ({ name, written: false, subject, headers }));
}

const type = 'X-Runlayer-Subject-Type';
const organization = 'X-Runlayer-Org-Id';
const userId = 'X-Runlayer-User-Id';
const email = 'X-Runlayer-User-Email';
const agentId = 'X-Runlayer-Agent-Id';
const agentName = 'X-Runlayer-Agent-Name';

/** Each header in turn missing, repeated, and of the wrong kind of subject. */
function shapes(): [name: string, headers: Lines][] {
  const taken = ([type, organization, userId, email, agentId, agentName] as const).map((name): [string, Lines] => [
    `without ${name}`,
    lines(obo, { [name]: undefined }),
  ]);
  const repeated = [type, organization, userId, email, agentId].flatMap((name): [string, Lines][] => {
    const value = subjectHeaders(obo).find(([other]) => other === name)?.[1] ?? '';
    return [
      [`${name} twice`, [...lines(obo), [name, 'x']]],
      [`${name} twice in other letters`, [...lines(obo), [name.toLowerCase(), value]]],
      [`${name} joined with a comma`, lines(obo, { [name]: `${value}, x` })],
    ];
  });
  const foreign: [string, Lines][] = [
    ['a user with an agent', lines(user, { [agentId]: 'x' })],
    ['a user with the name of an agent', lines(user, { [agentName]: 'x' })],
    ['an agent with a user', lines(agent, { [userId]: 'x' })],
    ['an agent with an email', lines(agent, { [email]: 'x' })],
    ['nobody with a user', lines(anonymous, { [userId]: 'x', [email]: 'x' })],
    ['nobody with an empty agent name', lines(anonymous, { [agentName]: '' })],
    ['none at all', []],
  ];
  return [...taken, ...repeated, ...foreign];
}

function values(): [name: string, headers: Lines][] {
  const encoded = (bytes: readonly number[]): string => `=?base64?${Buffer.from(bytes).toString('base64')}?=`;
  const badName: [string, string][] = [
    ['base64url', '=?base64?__-_?='],
    ['base64 without padding', '=?base64?QW4?='],
    ['base64 with spare bits', '=?base64?QW5=?='],
    ['base64 with a space', '=?base64?QW 5u?='],
    ['no base64', '=?base64?*?='],
    ['bytes that are not UTF-8', encoded([0xff, 0xfe])],
    ['an overlong slash', encoded([0xc0, 0xaf])],
    ['half a surrogate pair', encoded([0xed, 0xa0, 0x80])],
    ['1025 characters', 'x'.repeat(1025)],
    ['1025 characters, encoded', encodeHeaderValue('é'.repeat(1025))],
  ];
  const unfit: [string, string][] = [
    ['empty', ''],
    ['encoded and empty', '=?base64??='],
    ['an encoded space', '=?base64?IA==?='],
    ['an encoded line end', encodeHeaderValue('x\r\ny')],
    ['an encoded NUL', encodeHeaderValue('x\0')],
    ['an encoded line separator', encodeHeaderValue('x\u2028')],
  ];
  const ids = [organization, userId, email, agentId].flatMap((name) =>
    [...unfit, ['too long', 'x'.repeat(name === email ? 321 : 129)] as const].map(([what, value]): [string, Lines] => [
      `${name} ${what}`,
      lines(obo, { [name]: value }),
    ]),
  );
  const types = ['admin', 'USER', 'user ', 'constructor', '__proto__', '=?base64?dXNlcg==', ''].map((value): [string, Lines] => [
    `the subject type ${JSON.stringify(value)}`,
    lines(user, { [type]: value }),
  ]);
  return [
    ...badName.map(([what, value]): [string, Lines] => [`an agent name of ${what}`, lines(obo, { [agentName]: value })]),
    ...ids,
    ...types,
  ];
}

/** Headers that must be read, and headers that must not. */
export function headerVectors(): { good: GoodHeaders[]; bad: BadHeaders[] } {
  const bad = [...shapes(), ...values()].map(([name, headers]): BadHeaders => ({ name, headers, code: 'ERR_IDENTITY_HEADERS' }));
  return { good: [...written(), ...readable()], bad };
}
