// Golden documents: a permission that comes or goes must be seen in a review. And what they reach.
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { allows } from '../../../fixtures/policy-reach.ts';
import { namesOf } from '../../names.ts';
import { type PolicyDocument, policyText } from '../../policies/policy-document.ts';
import { boundaryPolicy } from '../boundary-policy.ts';
import { pushPolicy, pushTrustPolicy } from '../push-policies.ts';
import { platformNamesOf } from '../../platform-names.ts';
import { bootstrapPolicy } from './bootstrap-policy.ts';
import { serverPolicy } from './server-policy.ts';

const account = '111122223333';
const region = 'eu-west-1';
const place = { region, account, vpc: 'vpc-0a1b2c3d' };
const boundary = (environment: string) => boundaryPolicy({ partition: 'aws', region, account, environment });
const push = { partition: 'aws', account, names: platformNamesOf('default'), aws: { region } };
const pretty = (document: PolicyDocument): string => `${JSON.stringify(document, null, 2)}\n`;

it.each<[string, PolicyDocument]>([
  ...serverPolicy(place).map(({ name, document }): [string, PolicyDocument] => [name, document]),
  [bootstrapPolicy(place).name, bootstrapPolicy(place).document],
  ['runlayer-default-boundary', boundary('default')],
  ['runlayer-default-push', pushPolicy(push)],
  ['runlayer-default-push-trust', pushTrustPolicy(push)],
])('%s says what was agreed', async (name, document) => {
  await expect(pretty(document)).toMatchFileSnapshot(`../../../fixtures/vectors/policies/${name}.json`);
});

describe.each([
  [
    'the longest names there are',
    { ...place, region: 'us-gov-west-1', environment: 'twelve-chars', vpc: 'vpc-0123456789abcdef0', cluster: 'c'.repeat(40) },
  ],
  ['the defaults', place],
])('with %s', (_name, where) => {
  it('every managed policy fits into what IAM allows one', () => {
    for (const { document } of [...serverPolicy(where), bootstrapPolicy(where)]) expect(policyText(document).length).toBeLessThan(6144);
    expect(policyText(boundary('twelve-chars')).length).toBeLessThan(6144);
  });

  it('only actions that know no resources are allowed on all', () => {
    const free = [...serverPolicy(where), bootstrapPolicy(where)].flatMap(({ document }) =>
      document.Statement.filter(({ Resource }) => Resource === '*').flatMap(({ Action }) => Action),
    );
    // From the pages of the Service Authorization Reference that the tables name.
    const knowNone = /:(Describe|List)|^ecs:DeregisterTaskDefinition$|^ecr:GetAuthorizationToken$/;
    expect(free.filter((action) => !knowNone.test(action))).toEqual([]);
  });
});

/**
 * Which actions carry a key of a condition: on any other an Allow with that key never matches.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
const carriers: Readonly<Record<string, RegExp>> = {
  'aws:RequestTag': /^(ec2:CreateSecurityGroup|application-autoscaling:TagResource)$/,
  'aws:ResourceTag': /^(ecs:StopTask|ec2:(CreateTags|DeleteSecurityGroup|(Authorize|Revoke)SecurityGroupIngress))$/,
  'application-autoscaling:service-namespace': /^application-autoscaling:(((Reg|Dereg)isterScalableTarget)|(Put|Delete)ScalingPolicy)$/,
  'ec2:CreateAction': /^ec2:CreateTags$/,
  'ecs:CreateAction': /^ecs:TagResource$/,
  'ecs:cluster': /^ecs:(ListServices|ListTasks|RunTask)$/,
  'iam:AWSServiceName': /^iam:CreateServiceLinkedRole$/,
  'iam:PassedToService': /^iam:PassRole$/,
  'iam:PermissionsBoundary': /^iam:(CreateRole|PutRolePermissionsBoundary|PutRolePolicy)$/,
};

it('no condition is on a key that its actions do not carry', () => {
  const statements = [...serverPolicy(place), bootstrapPolicy(place)].flatMap(({ document }) => document.Statement);
  const pairs = statements.flatMap(({ Action, Condition = {} }) =>
    Object.values(Condition).flatMap((tests) =>
      Object.keys(tests).flatMap((key) => [Action].flat().map((action) => [key, action] as const)),
    ),
  );
  expect(pairs.length).toBeGreaterThan(10);
  expect(pairs.filter(([key, action]) => carriers[key.split('/')[0] ?? '']?.test(action) !== true)).toEqual([]);
});

/** What belongs to a deployment of an environment, by ARN, and an action on it. */
function belongings(environment: string): [string, string][] {
  const names = namesOf(environment, randomUUID());
  const regional = (service: string, resource: string): string => `arn:aws:${service}:${region}:${account}:${resource}`;
  const role = (name: string): string => `arn:aws:iam::${account}:role${names.rolePath}${name}`;
  return [
    ['iam:CreateRole', role(names.taskRole)],
    ['iam:PassRole', role(names.executionRole)],
    ['iam:DeleteRole', role(names.taskRole)],
    ['ecs:CreateService', regional('ecs', `service/runlayer-${environment}/${names.service}`)],
    ['ecs:RegisterTaskDefinition', regional('ecs', `task-definition/${names.family}`)],
    ['ecs:RegisterTaskDefinition', regional('ecs', `task-definition/${names.family}:1`)],
    ['ecs:RunTask', regional('ecs', `task-definition/${names.family}:7`)],
    ['logs:CreateLogGroup', regional('logs', `log-group:${names.logGroup}`)],
    ['logs:GetLogEvents', regional('logs', `log-group:${names.logGroup}:log-stream:runlayer/service/1`)],
    ['secretsmanager:GetSecretValue', regional('secretsmanager', `secret:${names.secretPrefix}a-b-c-123456`)],
    ['dynamodb:CreateTable', regional('dynamodb', `table/${names.table}`)],
    ['ecr:PutImage', regional('ecr', `repository/${platformNamesOf(environment).repository}`)],
  ];
}

const documentsOf = (environment: string): PolicyDocument[] => serverPolicy({ ...place, environment }).map(({ document }) => document);

describe('the policy of the server', () => {
  it.each(belongings('prod'))('allows %s on what belongs to its own environment', (action, resource) => {
    expect(allows(documentsOf('prod'), action, resource)).toBe(true);
  });

  it.each(['prod-eu', 'pro', 'eu', 'default', 'prod-'])(
    'allows nothing on what belongs to the environment %s, though names resemble',
    (other) => {
      const reached = belongings(other).filter(([action, resource]) => allows(documentsOf('prod'), action, resource));
      expect(reached).toEqual([]);
    },
  );

  it('leaves alone what the bootstrap has made: boundary, push role, cluster, repository', () => {
    const { path, pushRole, boundary: name, cluster, repository } = platformNamesOf('prod');
    const reach = (action: string, resource: string): boolean => allows(documentsOf('prod'), action, resource);
    for (const action of ['iam:PutRolePolicy', 'iam:UpdateAssumeRolePolicy', 'iam:DeleteRole', 'iam:PassRole']) {
      expect(reach(action, `arn:aws:iam::${account}:role${path}${pushRole}`)).toBe(false);
    }
    expect(reach('iam:CreatePolicyVersion', `arn:aws:iam::${account}:policy${path}${name}`)).toBe(false);
    expect(reach('ecs:DeleteCluster', `arn:aws:ecs:${region}:${account}:cluster/${cluster}`)).toBe(false);
    expect(reach('ecr:DeleteRepository', `arn:aws:ecr:${region}:${account}:repository/${repository}`)).toBe(false);
  });

  it('makes no role without the boundary', () => {
    const statements = documentsOf('prod').flatMap(({ Statement }) => Statement);
    const makers = statements.filter(({ Action }) => [Action].flat().some((action) => /^iam:(Create|Put)Role/.test(action)));
    expect(makers.map(({ Condition }) => Condition)).toEqual([
      { StringEquals: { 'iam:PermissionsBoundary': `arn:aws:iam::${account}:policy/runlayer/prod/runlayer-prod-boundary` } },
    ]);
  });

  it('takes other names of cluster, boundary and push role', () => {
    const pushRole = `arn:aws:iam::${account}:role/push`;
    const permissionsBoundary = `arn:aws:iam::${account}:policy/most`;
    const text = JSON.stringify(serverPolicy({ ...place, cluster: 'shared', pushRole, permissionsBoundary }));
    for (const part of ['cluster/shared"', 'service/shared/', 'task/shared/*', `"${pushRole}"`, `"${permissionsBoundary}"`])
      expect(text).toContain(part);
  });

  it.each([
    ['cn-north-1', 'arn:aws-cn:'],
    ['us-gov-west-1', 'arn:aws-us-gov:'],
  ])('names the partition of %s', (where, arn) => {
    const text = JSON.stringify([serverPolicy({ ...place, region: where }), bootstrapPolicy({ ...place, region: where })]);
    expect(text).toContain(arn);
    expect(text).not.toContain('arn:aws:');
  });

  it('is not written for an account that is none', () => {
    expect(() => serverPolicy({ ...place, account: '1' })).toThrow(expect.objectContaining({ code: 'ERR_AWS_OPTIONS' }));
  });
});

describe('the permissions boundary', () => {
  const names = namesOf('prod', randomUUID());
  const [table, secret, log] = [
    `arn:aws:dynamodb:${region}:${account}:table/${names.table}`,
    `arn:aws:secretsmanager:${region}:${account}:secret:${names.secretPrefix}r-123456`,
    `arn:aws:logs:${region}:${account}:log-group:${names.logGroup}:log-stream:s`,
  ];

  it.each([
    ['dynamodb:PutItem', table],
    ['secretsmanager:GetSecretValue', secret],
    ['logs:PutLogEvents', log],
    ['ecr:BatchGetImage', `arn:aws:ecr:${region}:${account}:repository/runlayer/prod`],
    ['sts:AssumeRole', 'arn:aws:iam::222233334444:role/customer'],
  ])('leaves room for %s, which roles of deployments get [AWS-1]', (action, resource) => {
    expect(allows([boundary('prod')], action, resource)).toBe(true);
  });

  it.each([
    ['dynamodb:DeleteTable', table],
    ['dynamodb:PutItem', table.replace('-prod-', '-prod-eu-')],
    ['secretsmanager:PutSecretValue', secret],
    ['ecr:PutImage', `arn:aws:ecr:${region}:${account}:repository/runlayer/prod`],
    ['iam:CreateRole', `arn:aws:iam::${account}:role/any`],
  ])('leaves none for %s on %s [AWS-1]', (action, resource) => {
    expect(allows([boundary('prod')], action, resource)).toBe(false);
  });

  it('keeps deployments from roles of the own account that do not say they are for them [AWS-1]', () => {
    expect(boundary('prod').Statement.filter(({ Effect }) => Effect === 'Deny')).toEqual([
      {
        Sid: 'OwnAccountByConsent',
        Effect: 'Deny',
        Action: 'sts:AssumeRole',
        Resource: `arn:aws:iam::${account}:role/*`,
        Condition: { StringNotEquals: { 'iam:ResourceTag/runlayer:assumable-by': 'prod' } },
      },
    ]);
  });
});
