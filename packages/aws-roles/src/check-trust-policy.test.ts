import { describe, expect, it } from 'vitest';
import { checkTrustPolicy } from './check-trust-policy.ts';
import { customerTrustPolicy } from './customer-trust-policy.ts';

const deploymentId = '3c1a5ad8-0f4b-4a37-8a57-fb0a7b1f8d9e';
const taskRoleArn = 'arn:aws:iam::111122223333:role/runlayer/default/runlayer-task-1';
const trust = { taskRoleArn, deploymentId };
const right = customerTrustPolicy(trust);
const [statement] = right.Statement;

/** The right policy with parts of its statement replaced, and statements added. */
function policy(changes: object, ...more: object[]): object {
  return { ...right, Statement: [{ ...statement, ...changes }, ...more] };
}

const asks = (operator: string, value: unknown): object => policy({ Condition: { [operator]: { 'sts:ExternalId': value } } });
const lets = (principal: unknown, ...more: object[]): object => policy({ Principal: principal }, ...more);
const without = { Condition: undefined };

function codes(document: unknown): string[] {
  return checkTrustPolicy(document, trust).findings.map(({ severity, code }) => `${severity} ${code}`);
}

describe('a policy that lets in the deployment and nobody else [AWS-2]', () => {
  it.each<[string, unknown]>([
    ['as it is printed', right],
    ['as text', JSON.stringify(right, undefined, 2)],
    ['as IAM gives it out', encodeURIComponent(JSON.stringify(right))],
    ['as GetRole answers', JSON.stringify({ Role: { AssumeRolePolicyDocument: right } })],
    ['with one statement instead of a list', { ...right, Statement: statement }],
    [
      'with lists of one',
      policy({
        Principal: { AWS: [taskRoleArn] },
        Action: ['sts:AssumeRole'],
        Condition: { StringEquals: { 'sts:ExternalId': [deploymentId] } },
      }),
    ],
    [
      'with another case of action and key',
      policy({ Action: 'STS:assumerole', Condition: { StringEquals: { 'STS:externalID': deploymentId } } }),
    ],
    ['with every action of STS', policy({ Action: 'sts:*' })],
    ['with StringLike', asks('StringLike', deploymentId)],
    ['with ForAnyValue', asks('ForAnyValue:StringEquals', deploymentId)],
    [
      'with a denial of all other External IDs',
      policy(without, { ...statement, Effect: 'Deny', Condition: { StringNotEquals: { 'sts:ExternalId': deploymentId } } }),
    ],
    [
      'with the account, and the role as a condition',
      policy({
        Principal: { AWS: 'arn:aws:iam::111122223333:root' },
        Condition: { ...statement.Condition, ArnEquals: { 'aws:PrincipalArn': taskRoleArn } },
      }),
    ],
    [
      'with anyone, and the role as a condition',
      policy({ Principal: '*', Condition: { StringEquals: { 'sts:ExternalId': deploymentId, 'aws:PrincipalArn': taskRoleArn } } }),
    ],
    [
      'with a denial for others',
      lets(statement.Principal, {
        ...statement,
        Effect: 'Deny',
        Principal: '*',
        Condition: { ArnNotLike: { 'aws:PrincipalArn': taskRoleArn } },
      }),
    ],
  ])('%s', (_how, document) => {
    expect(checkTrustPolicy(document, trust)).toEqual({ status: 'ok', findings: [] });
  });

  it('names others who are let in as well, and calls it no fault', () => {
    const admin = 'arn:aws:iam::222233334444:role/admin';
    expect(checkTrustPolicy(lets({ AWS: [taskRoleArn, admin] }), trust)).toMatchObject({
      status: 'ok',
      findings: [{ code: 'principal-others' }],
    });
    expect(codes(lets(statement.Principal, { ...statement, Principal: { Service: 'ec2.amazonaws.com' } }))).toEqual([
      'note principal-others',
    ]);
  });
});

describe('a policy that works and is open to others [AWS-2]', () => {
  it.each<[string, unknown, string[]]>([
    ['no External ID', policy(without), ['external-id-missing']],
    ['an External ID only where there is one', asks('StringEqualsIfExists', deploymentId), ['external-id-missing']],
    ['ForAllValues, which holds for none', asks('ForAllValues:StringEquals', deploymentId), ['external-id-missing']],
    ['any External ID', asks('StringLike', '*'), ['external-id-loose']],
    ['any External ID that begins alike', asks('StringLike', '3c1a5ad8-*'), ['external-id-loose']],
    ['any External ID at all', asks('Null', 'false'), ['external-id-loose']],
    ['any case of it', asks('StringEqualsIgnoreCase', deploymentId), ['external-id-loose']],
    ['several External IDs', asks('StringEquals', ['other', deploymentId]), ['external-id-loose']],
    ['all External IDs but one', asks('StringNotEquals', 'other'), ['external-id-missing']],
    ['the account of the deployment', lets({ AWS: 'arn:aws:iam::111122223333:root' }), ['principal-account']],
    ['the account by its number', lets({ AWS: '111122223333' }), ['principal-account']],
    [
      'the account, without an External ID',
      policy({ Principal: { AWS: '111122223333' }, ...without }),
      ['external-id-missing', 'principal-account'],
    ],
    [
      'roles of the same path',
      policy({
        Principal: '*',
        Condition: {
          StringEquals: { 'sts:ExternalId': deploymentId },
          ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/runlayer/*' },
        },
      }),
      ['principal-account'],
    ],
    ['anyone', lets('*'), ['principal-anyone']],
    ['any account', lets({ AWS: '*' }), ['principal-anyone']],
  ])('%s', (_who, document, found) => {
    expect(codes(document)).toEqual(found.map((code) => `warning ${code}`));
    expect(checkTrustPolicy(document, trust).status).toBe('unsafe');
  });
});

describe('a policy that keeps the deployment out [AWS-2, AWS-3]', () => {
  it.each<[string, unknown, string[]]>([
    ['the account of the customer', lets({ AWS: 'arn:aws:iam::222233334444:root' }), ['error principal-account']],
    ['another role', lets({ AWS: 'arn:aws:iam::111122223333:role/runlayer/default/runlayer-task-2' }), ['error principal-wrong']],
    ['a role of the same name elsewhere', lets({ AWS: taskRoleArn.replace('1111', '9999') }), ['error principal-wrong']],
    ['a user', lets({ AWS: 'arn:aws:iam::111122223333:user/me' }), ['error principal-wrong']],
    ['the role without its path', lets({ AWS: 'arn:aws:iam::111122223333:role/runlayer-task-1' }), ['error principal-path']],
    ['one session', lets({ AWS: 'arn:aws:sts::111122223333:assumed-role/runlayer-task-1/0123' }), ['error principal-session']],
    ['a role that was deleted', lets({ AWS: 'AROAIIAAAAAAAAAAAAAAA' }), ['error principal-gone']],
    ['a pattern', lets({ AWS: 'arn:aws:iam::111122223333:role/*' }), ['error principal-pattern']],
    ['a service', lets({ Service: 'ecs-tasks.amazonaws.com' }), ['error principal-service']],
    ['another External ID', asks('StringEquals', '00000000-0f4b-4a37-8a57-fb0a7b1f8d9e'), ['error external-id-wrong']],
    ['a placeholder as External ID', asks('StringEquals', '<deployment-uuid>'), ['error external-id-wrong']],
    ['an External ID in capitals', asks('StringEquals', deploymentId.toUpperCase()), ['error external-id-spelling']],
    ['an External ID with a blank', asks('StringEquals', `${deploymentId} `), ['error external-id-spelling']],
    ['a pattern that does not fit', asks('StringLike', '4c1a*'), ['error external-id-wrong']],
    ['a pattern where StringEquals takes none', asks('StringEquals', '3c1a*'), ['error external-id-wrong']],
    ['all External IDs but this', asks('StringNotEquals', deploymentId), ['error external-id-refused']],
    ['calls without External ID', asks('Null', true), ['error external-id-refused']],
    ['a denial of this External ID', lets(statement.Principal, { ...statement, Effect: 'Deny' }), ['error external-id-refused']],
    [
      'a denial of every External ID',
      lets(statement.Principal, { ...statement, Effect: 'Deny', Condition: { StringLike: { 'sts:ExternalId': '*' } } }),
      ['error external-id-refused'],
    ],
    [
      'a denial of all External IDs but another',
      lets(statement.Principal, { ...statement, Effect: 'Deny', Condition: { StringNotEquals: { 'sts:ExternalId': 'x' } } }),
      ['error external-id-wrong'],
    ],
    ['a denial', lets(statement.Principal, { ...statement, Effect: 'Deny', ...without }), ['error denied']],
    ['nothing', { Version: '2012-10-17', Statement: [] }, ['error nobody-let-in']],
    ['another action', policy({ Action: 'sts:AssumeRoleWithWebIdentity' }), ['error action-wrong']],
    ['every action but the right one', policy({ Action: undefined, NotAction: 'sts:AssumeRole' }), ['error action-wrong']],
    [
      'a second factor',
      policy({ Condition: { ...statement.Condition, Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }),
      ['error condition-fails'],
    ],
    [
      'another principal by condition',
      policy({ Condition: { ...statement.Condition, ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/x' } } }),
      ['error condition-fails'],
    ],
    [
      'a wrong principal, and no External ID',
      policy({ Principal: { AWS: '222233334444' }, ...without }),
      ['error principal-account', 'warning external-id-missing'],
    ],
    [
      'a wrong principal and a wrong External ID',
      policy({ Principal: { AWS: '222233334444' }, Condition: { StringEquals: { 'sts:ExternalId': 'x' } } }),
      ['error principal-account', 'error external-id-wrong'],
    ],
  ])('%s', (_whom, document, found) => {
    expect(codes(document)).toEqual(found);
    const { status, findings } = checkTrustPolicy(document, trust);
    expect(status).toBe('refused');
    for (const { message, fix } of findings)
      expect([message, fix]).toEqual([expect.stringMatching(/^[A-Z].*[.)]$/), expect.stringMatching(/^[A-Z].*\.$/)]);
  });

  it('speaks of the statement that comes nearest only', () => {
    const far = { ...statement, Principal: { Service: 'ec2.amazonaws.com' } };
    const near = { ...statement, Sid: 'Near', Condition: { StringEquals: { 'sts:ExternalId': 'x' } } };
    const { findings } = checkTrustPolicy({ Statement: [far, near] }, trust);
    expect(findings).toMatchObject([
      { code: 'external-id-wrong', statement: 2, message: expect.stringContaining('statement 2 ("Near")') as string },
    ]);
  });

  it('says what stands there and what should', () => {
    const [finding] = checkTrustPolicy(asks('StringEquals', 'x'), trust).findings;
    expect(finding?.message).toContain(`"x"; the deployment sends its id, "${deploymentId}"`);
    expect(finding?.fix).toBe(`Set sts:ExternalId to "${deploymentId}".`);
    expect(checkTrustPolicy(lets({ AWS: '222233334444' }), trust).findings[0]?.fix).toBe(`Set Principal.AWS to "${taskRoleArn}".`);
  });
});

describe('a policy that cannot be judged from here [AWS-3]', () => {
  it.each<[string, unknown, string[]]>([
    [
      'an address',
      policy({ Condition: { ...statement.Condition, IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }),
      ['doubt condition-unknown'],
    ],
    [
      'a tag',
      policy({ Condition: { ...statement.Condition, StringEquals: { 'sts:ExternalId': deploymentId, 'aws:PrincipalTag/team': 'a' } } }),
      ['doubt condition-unknown'],
    ],
    ['a variable of policies', asks('StringEquals', '${aws:PrincipalTag/id}'), ['doubt condition-unknown']],
    ['an operator of dates on a known key', asks('DateLessThan', '2030-01-01'), ['doubt condition-unknown']],
    [
      'a second factor where it is known',
      policy({ Condition: { ...statement.Condition, BoolIfExists: { 'aws:MultiFactorAuthPresent': 'true' } } }),
      ['doubt condition-unknown'],
    ],
    [
      'NotPrincipal',
      policy({ Principal: undefined, NotPrincipal: { AWS: 'arn:aws:iam::222233334444:root' } }),
      ['doubt principal-inverted', 'warning principal-anyone'],
    ],
    [
      'a denial that may hold',
      lets(statement.Principal, { ...statement, Effect: 'Deny', Principal: '*', Condition: { Bool: { 'aws:x': 'true' } } }),
      ['doubt condition-unknown'],
    ],
    [
      'a denial of one session',
      lets(statement.Principal, {
        ...statement,
        Effect: 'Deny',
        Principal: { AWS: 'arn:aws:sts::111122223333:assumed-role/runlayer-task-1/0123' },
      }),
      ['doubt principal-session'],
    ],
    [
      'an address, and no External ID',
      policy({ Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }),
      ['doubt condition-unknown', 'warning external-id-missing'],
    ],
  ])('%s', (_what, document, found) => {
    expect(codes(document)).toEqual(expect.arrayContaining(found));
    expect(checkTrustPolicy(document, trust).status).toBe('unknown');
  });
});

describe('what is no trust policy', () => {
  it.each<[string, unknown, RegExp]>([
    ['no JSON', 'Version: 2012-10-17', /not JSON/],
    ['broken encoding', '%7B%', /not JSON/],
    ['a list', [], /not a JSON object/],
    ['null', null, /not a JSON object/],
    ['no statement', {}, /Statement 1 is not a JSON object/],
    [
      'a permissions policy',
      { Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } },
      /"Resource", which a trust policy cannot have/,
    ],
    ['no principal', { Statement: { Effect: 'Allow', Action: 'sts:AssumeRole' } }, /has to have a Principal/],
    ['no action', { Statement: { Effect: 'Allow', Principal: '*' } }, /has to have an Action/],
    ['another effect', policy({ Effect: 'allow' }), /"Allow" or "Deny"/],
    ['a principal without kind', lets('arn:aws:iam::111122223333:root'), /The Principal of statement 1 is not a JSON object/],
    ['a condition without key', policy({ Condition: { StringEquals: 'x' } }), /The Condition of statement 1/],
    ['a text of any length', `{${' '.repeat(20_000)}}`, /longer than IAM takes/],
  ])('%s is told', (_what, document, message) => {
    const { status, findings } = checkTrustPolicy(document, trust);
    expect({ status, findings }).toMatchObject({
      status: 'refused',
      findings: [{ code: 'policy-unreadable', message: expect.stringMatching(message) as string }],
    });
  });

  it('tells a task role that is none', () => {
    expect(checkTrustPolicy(right, { ...trust, taskRoleArn: 'arn:aws:iam::111122223333:root' })).toMatchObject({
      status: 'unknown',
      findings: [{ code: 'task-role-arn' }],
    });
  });
});
