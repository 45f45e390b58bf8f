import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnonymousSubject, Subject } from '../subject.ts';
import { decodeHeaderValue, encodeHeaderValue } from './encoding.ts';
import { isReservedHeader, reservedHeaderNames, subjectFromHeaders, subjectHeaders } from './index.ts';

const organizationId = '0a000000-0000-4000-8000-000000000003';
const user = { userId: '0b000000-0000-4000-8000-000000000004', userEmail: 'ann@example.com' };
const agent = { agentId: '0c000000-0000-4000-8000-000000000005', agentName: 'Helper' };

describe('the headers of', () => {
  it.each<[string, Subject | AnonymousSubject, string[]]>([
    [
      'a user',
      { subjectType: 'user', organizationId, ...user },
      ['Subject-Type: user', `Org-Id: ${organizationId}`, `User-Email: ${user.userEmail}`, `User-Id: ${user.userId}`],
    ],
    [
      'an agent',
      { subjectType: 'agent', organizationId, ...agent },
      ['Subject-Type: agent', `Org-Id: ${organizationId}`, `Agent-Id: ${agent.agentId}`, 'Agent-Name: Helper'],
    ],
    [
      'an agent on behalf of a user',
      { subjectType: 'obo', organizationId, ...user, ...agent },
      [
        'Subject-Type: obo',
        `Org-Id: ${organizationId}`,
        `User-Email: ${user.userEmail}`,
        `User-Id: ${user.userId}`,
        `Agent-Id: ${agent.agentId}`,
        'Agent-Name: Helper',
      ],
    ],
    ['nobody', { subjectType: 'anonymous', organizationId }, ['Subject-Type: anonymous', `Org-Id: ${organizationId}`]],
  ])('%s are these and no others [ID-2, ID-6]', (_name, subject, expected) => {
    expect(subjectHeaders(subject).map(([name, value]) => `${name}: ${value}`)).toEqual(expected.map((line) => `X-Runlayer-${line}`));
    expect(subjectFromHeaders(new Headers(subjectHeaders(subject)))).toEqual(subject);
    expect(subjectFromHeaders(Object.fromEntries(subjectHeaders(subject)))).toEqual(subject);
  });

  it('an agent with any name cross HTTP and come back [ID-2]', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (agentName) => {
        const subject: Subject = { subjectType: 'agent', organizationId, ...agent, agentName };
        const headers = new Headers(subjectHeaders(subject));
        expect(subjectFromHeaders(headers)).toEqual(subject);
        for (const [, value] of headers) expect(value).toMatch(/^[\x20-\x7e]*$/);
      }),
    );
  });

  it('a user with a comma in the email come back too', () => {
    const subject: Subject = { subjectType: 'user', organizationId, ...user, userEmail: '"a,b"@example.com' };
    expect(subjectFromHeaders(new Headers(subjectHeaders(subject)))).toEqual(subject);
  });
});

describe('a header value', () => {
  it.each([
    ['Helper', 'Helper'],
    ['Smith, Jr. (QA)', 'Smith, Jr. (QA)'],
    ['', ''],
    ['研究助手', '=?base64?56CU56m25Yqp5omL?='],
    ['café', '=?base64?Y2Fmw6k=?='],
    ['a\r\nX-Admin: 1', '=?base64?YQ0KWC1BZG1pbjogMQ==?='],
    ['tab\there', '=?base64?dGFiCWhlcmU=?='],
    [' padded ', '=?base64?IHBhZGRlZCA=?='],
    ['=?base64?QQ==?=', '=?base64?PT9iYXNlNjQ/UVE9PT89?='],
    ['=?base64?', '=?base64?'],
    ['\ud800', '=?base64?77+9?='],
  ])('writes %j as %s [ID-2]', (text, value) => {
    expect(encodeHeaderValue(text)).toBe(value);
    expect(decodeHeaderValue(value)).toBe(text === '\ud800' ? '\ufffd' : text);
  });

  it.each(['=?base64?Q?=', '=?base64?Q Q=?=', '=?base64?QR==QR?=', '=?base64?_w==?=', '=?base64?/w==?='])('is refused as %s', (value) => {
    expect(() => decodeHeaderValue(value)).toThrow(expect.objectContaining({ code: 'ERR_IDENTITY_HEADERS' }));
  });
});

describe('reading a subject', () => {
  const good = {
    'x-runlayer-subject-type': 'user',
    'x-runlayer-org-id': organizationId,
    'x-runlayer-user-id': user.userId,
    'x-runlayer-user-email': user.userEmail,
  };

  it.each<[string, Record<string, string | string[] | undefined>]>([
    ['no headers', {}],
    ['no type', { ...good, 'x-runlayer-subject-type': undefined }],
    ['an unknown type', { ...good, 'x-runlayer-subject-type': 'admin' }],
    ['a type that every object has', { ...good, 'x-runlayer-subject-type': 'constructor' }],
    ['no organization', { ...good, 'x-runlayer-org-id': undefined }],
    ['an empty organization', { ...good, 'x-runlayer-org-id': '' }],
    ['no user', { ...good, 'x-runlayer-user-id': undefined }],
    ['a user with an agent', { ...good, 'x-runlayer-agent-id': 'a' }],
    ['nobody with a user', { ...good, 'x-runlayer-subject-type': 'anonymous' }],
    ['a user twice', { ...good, 'x-runlayer-user-id': ['a', 'b'] }],
    ['a user twice, joined', { ...good, 'x-runlayer-user-id': 'a, b' }],
    ['a user twice, in two spellings', { ...good, 'X-Runlayer-User-Id': 'b' }],
    ['an id with a line end, encoded', { ...good, 'x-runlayer-user-id': '=?base64?YQpi?=' }],
    ['a broken encoding', { ...good, 'x-runlayer-user-email': '=?base64?!?=' }],
  ])('refuses %s', (_name, headers) => {
    expect(() => subjectFromHeaders(headers)).toThrow(expect.objectContaining({ code: 'ERR_IDENTITY_HEADERS', status: 400 }));
  });
});

describe('a reserved header', () => {
  const spellings = reservedHeaderNames.flatMap((name) => [
    name,
    name.toLowerCase(),
    name.toUpperCase(),
    name.replaceAll('-', '_'),
    name.replaceAll('-', '.'),
    name.replace('-', '_'),
    name.replaceAll('-', '!'),
    name.replace('-', '~'),
  ]);

  it.each([...spellings, 'x-runlayer-api-key', 'X-RUNLAYER-ORIGIN', 'x_runlayer-', 'x-runlayer-anything'])('is %s [ID-2]', (name) => {
    expect(isReservedHeader(name)).toBe(true);
  });

  it.each([
    '',
    'x',
    'x-runlayer',
    'x-runlayers-user',
    'xx-runlayer-user',
    'authorization',
    'x-run-layer-user',
    'my-x-runlayer-user',
    'x-runlayer1user',
  ])('is not %s', (name) => {
    expect(isReservedHeader(name)).toBe(false);
  });

  it('is whatever folds to the prefix, and nothing else', () => {
    fc.assert(
      fc.property(fc.string(), fc.stringMatching(/^[xX][-_.!#$%&'*+^`|~][rR]unLaYer[-_.!#$%&'*+^`|~]$/), (rest, prefix) => {
        const folded = (name: string): boolean => /^x[^a-z\d]runlayer[^a-z\d]/i.test(name);
        expect(isReservedHeader(prefix + rest)).toBe(true);
        expect(isReservedHeader(rest)).toBe(folded(rest));
      }),
    );
  });
});
