import { assert, constantFrom, property, string, stringMatching, tuple } from 'fast-check';
import { expect, it } from 'vitest';
import { checkRoleArn } from './check-role-arn.ts';
import { parseRoleArn } from './role-arn.ts';

const right = 'arn:aws:iam::222233334444:role/reader';

it.each([
  ['arn:aws:iam::222233334444:role/reader', { partition: 'aws', account: '222233334444', path: '/', name: 'reader' }],
  ['arn:aws-us-gov:iam::222233334444:role/a/b/reader', { partition: 'aws-us-gov', account: '222233334444', path: '/a/b/', name: 'reader' }],
  ['arn:aws:iam::000000000001:role/a+=,.@_-', { partition: 'aws', account: '000000000001', path: '/', name: 'a+=,.@_-' }],
])('takes %s apart [CFG-7]', (arn, parts) => {
  expect(checkRoleArn(arn)).toEqual({ role: { arn, ...parts }, findings: [] });
});

it.each([
  ['blanks around it', ` ${right}\n`, ['arn-characters'], right],
  ['a blank inside', 'arn:aws:iam::222233334444:role/ reader', ['arn-characters'], right],
  ['a blank of no width', `\u200B${right}`, ['arn-characters'], right],
  ['quotes', `"${right}",`, ['arn-characters'], right],
  ['nothing', '', ['arn-missing'], undefined],
  ['only blanks', ' \t', ['arn-characters', 'arn-missing'], undefined],
  [
    'its page in the console',
    'https://us-east-1.console.aws.amazon.com/iam/home#/roles/details/reader?section=trust',
    ['arn-web-address'],
    undefined,
  ],
  ['the link to switch roles', 'https://signin.aws.amazon.com/switchrole?roleName=reader&account=222233334444', ['arn-web-address'], right],
  ['its name', 'reader', ['arn-name-only'], undefined],
  ['its name with the kind', 'role/reader', ['arn-name-only'], undefined],
  ['the beginning missing', 'iam::222233334444:role/reader', ['arn-shape'], right],
  ['capital letters', 'ARN:AWS:IAM::222233334444:role/reader', ['arn-shape'], right],
  ['a colon too few', 'arn:aws:iam:222233334444:role/reader', ['arn-shape'], right],
  ['a colon too many', 'arn:aws:iam:::222233334444:role/reader', ['arn-shape'], right],
  ['a slash after the account', 'arn:aws:iam::222233334444/role/reader', ['arn-shape'], right],
  ['a colon before the name', 'arn:aws:iam::222233334444:role:reader', ['arn-shape'], right],
  ['half of it', 'arn:aws:iam', ['arn-shape'], undefined],
  ['other text', 'foo:bar', ['arn-shape'], undefined],
  ['another partition', 'arn:amazon:iam::222233334444:role/reader', ['arn-partition'], right],
  ['a partition by its nickname', 'arn:aws-gov:iam::222233334444:role/reader', ['arn-partition'], right.replace('aws', 'aws-us-gov')],
  ['another service', 'arn:aws:s3::222233334444:role/reader', ['arn-service'], right],
  ['a bucket', 'arn:aws:s3:::bucket', ['arn-service'], undefined],
  ['a session', 'arn:aws:sts::222233334444:assumed-role/reader/i-0abc', ['arn-session'], right],
  ['a region', 'arn:aws:iam:eu-west-1:222233334444:role/reader', ['arn-region'], right],
  ['dashes in the account', 'arn:aws:iam::2222-3333-4444:role/reader', ['arn-account'], right],
  ['an account that lost a zero', 'arn:aws:iam::22223333444:role/reader', ['arn-account'], undefined],
  ['an account of 13 digits', 'arn:aws:iam::2222333344445:role/reader', ['arn-account'], undefined],
  ['a policy of AWS', 'arn:aws:iam::aws:policy/ReadOnlyAccess', ['arn-account'], undefined],
  ['a user', 'arn:aws:iam::222233334444:user/reader', ['arn-not-a-role'], undefined],
  ['an account', 'arn:aws:iam::222233334444:root', ['arn-not-a-role'], undefined],
  ['an instance profile', 'arn:aws:iam::222233334444:instance-profile/reader', ['arn-not-a-role'], right],
  ['roles instead of role', 'arn:aws:iam::222233334444:roles/reader', ['arn-not-a-role'], right],
  ['a slash behind it', `${right}/`, ['arn-name'], right],
  ['two slashes before the name', 'arn:aws:iam::222233334444:role//reader', ['arn-name'], right],
  ['no name', 'arn:aws:iam::222233334444:role/', ['arn-name'], undefined],
  ['a placeholder', 'arn:aws:iam::222233334444:role/<name>', ['arn-characters', 'arn-name'], undefined],
  ['a name that is too long', `arn:aws:iam::222233334444:role/${'a'.repeat(65)}`, ['arn-name'], undefined],
  [
    'a role of a service',
    'arn:aws:iam::222233334444:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS',
    ['arn-reserved'],
    undefined,
  ],
  [
    'a role of single sign-on',
    'arn:aws:iam::222233334444:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_x',
    ['arn-reserved'],
    undefined,
  ],
  [
    'several mistakes',
    ' arn:aws:iam:us-east-1:2222-3333-4444:Role/reader ',
    ['arn-characters', 'arn-region', 'arn-account', 'arn-not-a-role'],
    right,
  ],
])('tells %s, and what was meant [CFG-7, AWS-3]', (_what, text, codes, suggestion) => {
  const { role, findings, suggestion: given } = checkRoleArn(text);
  expect(role).toBeUndefined();
  expect(findings.map(({ code }) => code)).toEqual(codes);
  expect(given).toBe(suggestion);
  for (const { message, fix } of findings) expect([message, fix]).toEqual([expect.stringMatching(/\.$/), expect.stringMatching(/[.>]$/)]);
});

const part = constantFrom(
  'arn',
  'aws',
  'iam',
  'sts',
  '',
  ' ',
  '222233334444',
  '2222-3333-4444',
  'role/',
  'role/x',
  'roles/a/b',
  'user/x',
  ':',
  '/',
  '"',
);

it('never throws, and suggests right ARNs only', () => {
  const anything = tuple(part, part, part, part, part, part, string()).map((parts) => parts.join(':'));
  for (const arbitrary of [anything, string(), anything.map((text) => text.replace('::', ':'))]) {
    assert(
      property(arbitrary, (text) => {
        const { role, findings, suggestion } = checkRoleArn(text);
        expect(role === undefined).toBe(findings.length > 0);
        if (suggestion !== undefined) expect(parseRoleArn(suggestion)?.arn).toBe(suggestion);
      }),
    );
  }
});

it('takes every ARN that IAM may give out', () => {
  const arn = stringMatching(/^arn:aws(-cn|-us-gov)?:iam::\d{12}:role\/([a-z]{1,9}\/){0,3}[\w+=,.@-]{1,64}$/);
  assert(
    property(arn, (text) => {
      expect(checkRoleArn(text).role?.arn).toBe(text);
    }),
  );
});
