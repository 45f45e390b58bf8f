import { describe, expect, it } from 'vitest';
import { customerTrustPolicy } from '../customer-trust-policy.ts';
import { diagnoseRole, type RoleQuestion } from './diagnose-role.ts';
import type { AssumeRoleInput, AwsCalls, RoleDescription } from './ports.ts';

const deploymentId = '3c1a5ad8-0f4b-4a37-8a57-fb0a7b1f8d9e';
const taskRoleArn = 'arn:aws:iam::111122223333:role/runlayer/default/task';
const roleArn = 'arn:aws:iam::222233334444:role/reader';
const question: RoleQuestion = { roleArn, taskRoleArn, deploymentId, timeoutMs: 1000 };
const task = { Account: '111122223333', Arn: 'arn:aws:sts::111122223333:assumed-role/task/0123' };
const customer = { Account: '222233334444', Arn: 'arn:aws:iam::222233334444:user/ada' };

function fault(name: string, message = 'Said by the test.'): Error {
  return Object.assign(new Error(message), { name });
}

interface Double {
  readonly caller?: { Account: string; Arn: string } | Error;
  readonly letsIn?: (externalId: string | undefined) => boolean | Error;
  readonly role?: RoleDescription | Error;
  readonly names?: readonly string[] | Error;
}

/** AWS as the diagnosis sees it, and what it was asked. */
function aws({ caller = task, letsIn = () => false, role = {}, names = [] }: Double): AwsCalls & { asked: AssumeRoleInput[] } {
  const asked: AssumeRoleInput[] = [];
  const given = <T>(value: T | Error): Promise<T> => (value instanceof Error ? Promise.reject(value) : Promise.resolve(value));
  return {
    asked,
    sts: {
      getCallerIdentity: () => given(caller),
      assumeRole: (input) => {
        asked.push(input);
        const isIn = letsIn(input.ExternalId);
        return given(isIn === false ? fault('AccessDenied', `User: ${task.Arn} is not authorized to perform: sts:AssumeRole`) : isIn);
      },
    },
    iam: {
      getRole: async () => ({ Role: await given(role) }),
      listRoles: async ({ Marker = '0' }) => {
        const all = await given(names);
        const from = Number(Marker);
        return {
          Roles: all.slice(from, from + 2).map((RoleName) => ({ RoleName })),
          IsTruncated: from + 2 < all.length,
          Marker: String(from + 2),
        };
      },
    },
  };
}

const told = async (question: RoleQuestion, double: Double) => {
  const { status, from, findings } = await diagnoseRole(question, aws(double));
  return { status, from, codes: findings.map(({ severity, code }) => `${severity} ${code}`) };
};

describe('inside the deployment [AWS-2, AWS-3]', () => {
  it('assumes the role with the deployment id, then tries without and with another', async () => {
    const calls = aws({ letsIn: (id) => id === deploymentId });
    expect(await diagnoseRole(question, calls)).toEqual({
      roleArn,
      status: 'ok',
      from: 'deployment',
      caller: task.Arn,
      findings: [],
      trustPolicy: customerTrustPolicy({ taskRoleArn, deploymentId }),
    });
    expect(calls.asked.map(({ ExternalId }) => ExternalId)).toEqual([deploymentId, undefined, expect.stringMatching(/^[\da-f-]{36}$/)]);
    expect(calls.asked.every(({ RoleArn, DurationSeconds }) => RoleArn === roleArn && DurationSeconds === 900)).toBe(true);
  });

  it.each<[string, Double, string, string[]]>([
    ['a role that asks for no External ID', { letsIn: () => true }, 'unsafe', ['warning external-id-missing']],
    ['a role that takes any External ID', { letsIn: (id) => id !== undefined }, 'unsafe', ['warning external-id-loose']],
    ['a role that denies without a reason', {}, 'refused', ['error assume-refused']],
    [
      'a role that is not declared',
      { letsIn: () => fault('AccessDenied', 'not authorized because no identity-based policy allows the sts:AssumeRole action') },
      'refused',
      ['error assume-not-allowed'],
    ],
    [
      'a rule of the organization',
      { letsIn: () => fault('AccessDenied', 'not authorized with an explicit deny in a service control policy') },
      'refused',
      ['error assume-denied'],
    ],
    [
      'a boundary',
      { letsIn: () => fault('AccessDenied', 'not authorized because no permissions boundary allows the sts:AssumeRole action') },
      'refused',
      ['error assume-denied'],
    ],
    [
      'a trust policy that AWS blames',
      { letsIn: () => fault('AccessDenied', 'not authorized because no resource-based policy allows the sts:AssumeRole action') },
      'refused',
      ['error assume-refused'],
    ],
    ['a network that fails', { letsIn: () => fault('TimeoutError') }, 'unknown', ['doubt call-failed']],
    ['credentials that ended', { letsIn: () => fault('ExpiredTokenException') }, 'unknown', ['doubt credentials-refused']],
  ])('tells %s', async (_what, double, status, codes) => {
    expect(await told(question, double)).toEqual({ status, from: 'deployment', codes });
  });

  it('says which tag lets a deployment take on a role of the own account of the platform', async () => {
    const deny = fault('AccessDenied', 'not authorized to perform: sts:AssumeRole with an explicit deny in a permissions boundary');
    const { findings } = await diagnoseRole(question, aws({ letsIn: () => deny }));
    expect(findings).toMatchObject([{ code: 'assume-denied', fix: expect.stringContaining('runlayer:assumable-by') as string }]);
  });

  it('says where a task without credentials finds them', async () => {
    const { findings } = await diagnoseRole({ ...question, from: 'deployment' }, aws({ caller: fault('CredentialsProviderError') }));
    expect(findings).toMatchObject([
      { code: 'credentials-missing', fix: expect.stringContaining('AWS_CONTAINER_CREDENTIALS_RELATIVE_URI') as string },
    ]);
  });

  it('says which policy denies it', async () => {
    const { findings } = await diagnoseRole(
      question,
      aws({ letsIn: () => fault('AccessDenied', 'with an explicit deny in a service control policy') }),
    );
    expect(findings[0]?.fix).toBe(`Ask whoever keeps the service control policy to allow sts:AssumeRole on ${roleArn}.`);
  });

  it.each([
    ['of a user of the image', { Account: '111122223333', Arn: 'arn:aws:iam::111122223333:user/app' }],
    ['of another task role', { Account: '111122223333', Arn: 'arn:aws:sts::111122223333:assumed-role/task-2/0123' }],
    ['of a role of the same name elsewhere', { Account: '999999999999', Arn: 'arn:aws:sts::999999999999:assumed-role/task/0123' }],
    ["of the customer's account", customer],
  ])('tells credentials %s from those of the task role', async (_whose, caller) => {
    expect(await told({ ...question, from: 'deployment' }, { caller })).toEqual({
      status: 'refused',
      from: 'nowhere',
      codes: ['error caller-other'],
    });
  });
});

describe('in the account of the role [AWS-2, AWS-3]', () => {
  const right = { Arn: roleArn, AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(customerTrustPolicy(question))) };

  it.each<[string, Double, string, string[]]>([
    ['a role that is right', { role: right }, 'ok', []],
    ['a role that ends sessions later than it can', { role: { ...right, MaxSessionDuration: 43_200 } }, 'ok', ['note session-limit']],
    [
      'another External ID',
      { role: { ...right, AssumeRolePolicyDocument: right.AssumeRolePolicyDocument.replace('3c1a', '4c1a') } },
      'refused',
      ['error external-id-wrong'],
    ],
    ['another path', { role: { ...right, Arn: 'arn:aws:iam::222233334444:role/team/reader' } }, 'refused', ['error role-arn-differs']],
    ['another case', { role: { ...right, Arn: 'arn:aws:iam::222233334444:role/Reader' } }, 'refused', ['error role-arn-differs']],
    ['no such role', { role: fault('NoSuchEntityException') }, 'refused', ['error role-missing']],
    ['a role that may not be read', { role: fault('AccessDeniedException') }, 'unknown', ['doubt role-unreadable']],
    ['a network that fails', { role: fault('TypeError') }, 'unknown', ['doubt call-failed']],
    ['an answer without a policy', { role: { Arn: roleArn } }, 'refused', ['error policy-unreadable']],
  ])('tells %s', async (_what, double, status, codes) => {
    expect(await told(question, { caller: customer, ...double })).toEqual({ status, from: 'account', codes });
  });

  it('suggests the nearest names, from every page of the list', async () => {
    const names = ['admin', 'writer', 'deployer', 'readers', 'reeder'];
    const { findings } = await diagnoseRole(question, aws({ caller: customer, role: fault('NoSuchEntityException'), names }));
    expect(findings[0]?.message).toBe('There is no role "reader" in the account 222233334444. There is "readers" or "reeder".');
  });

  it('suggests nothing where roles may not be listed', async () => {
    const { findings } = await diagnoseRole(question, aws({ caller: customer, role: fault('NoSuchEntity'), names: fault('AccessDenied') }));
    expect(findings[0]?.message).toBe('There is no role "reader" in the account 222233334444.');
  });
});

describe('from elsewhere [AWS-3]', () => {
  it.each<[string, Partial<RoleQuestion>, Double, string, string[]]>([
    ['no credentials', {}, { caller: fault('CredentialsProviderError') }, 'unknown', ['doubt credentials-missing']],
    ['credentials that ended', {}, { caller: fault('ExpiredToken') }, 'unknown', ['doubt credentials-refused']],
    [
      'credentials of a third account',
      {},
      { caller: { Account: '333344445555', Arn: 'arn:aws:iam::333344445555:root' } },
      'unknown',
      ['doubt credentials-elsewhere'],
    ],
    ['a network that fails', {}, { caller: fault('Error') }, 'unknown', ['doubt call-failed']],
    ['a mistyped ARN', { roleArn: `${roleArn} ` }, {}, 'refused', ['error arn-characters']],
    ['another partition', { roleArn: roleArn.replace('aws', 'aws-cn') }, {}, 'refused', ['error role-elsewhere']],
    ['no task role', { taskRoleArn: '' }, {}, 'unknown', ['doubt task-role-arn']],
  ])('tells %s', async (_what, changes, double, status, codes) => {
    expect(await told({ ...question, ...changes }, double)).toEqual({ status, from: 'nowhere', codes });
  });

  it('says what was probably meant by a mistyped ARN', async () => {
    const { findings } = await diagnoseRole({ ...question, roleArn: `${roleArn} ` }, aws({}));
    expect(findings[0]?.fix).toBe(`Remove them. Probably: ${roleArn}`);
  });

  it('waits no longer than it was told, also for what does not heed a signal', async () => {
    const calls = aws({});
    const stuck = { ...calls, sts: { ...calls.sts, getCallerIdentity: () => new Promise<never>(() => {}) } };
    const { findings } = await diagnoseRole({ ...question, timeoutMs: 20 }, stuck);
    expect(findings).toMatchObject([{ code: 'call-failed', message: 'sts:GetCallerIdentity failed: No answer within 0.02 s.' }]);
  });

  it('ends when it is called off', async () => {
    const calls = aws({});
    const stuck = { ...calls, sts: { ...calls.sts, getCallerIdentity: () => new Promise<never>(() => {}) } };
    expect(await diagnoseRole({ ...question, signal: AbortSignal.abort() }, stuck)).toMatchObject({ status: 'unknown' });
  });
});
