// The roles of real deployments at work, used through boto3 on an emulator that enforces policies, trust policies and signatures:
// who gets into a customer's role, and what the roles of a deployment may do and may not.
import { randomUUID } from 'node:crypto';
import type { WorkloadSpec } from '@runlayer/provisioner';
import { describeWith } from '@runlayer/test-services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serve } from '../../fixtures/drive.ts';
import { emulatorMissing } from '../../fixtures/emulator.ts';
import { testSpec } from '../../fixtures/specs.ts';
import { type Call, type Identity, Refusal } from '../../observer/observer.ts';
import type { SeenRole, Snapshot } from '../../observer/snapshot.ts';
import { openTheatre, type Theatre } from '../../observer/theatre.ts';
import { customerTrustPolicy } from '../policies/customer-trust-policy.ts';

/** A deployment, with sessions of its two roles. */
interface Deployed {
  readonly id: string;
  readonly seen: Snapshot;
  readonly task: SeenRole;
  readonly execution: SeenRole;
  readonly table: string;
  readonly secret: string;
  readonly logGroup: string;
  readonly asTask: Identity;
  readonly asExecution: Identity;
}

const customerAccount = '222233334444';
const customerRoot: Identity = { accessKeyId: customerAccount, secretAccessKey: 'customer' };
const roleArn = (name: string): string => `arn:aws:iam::${customerAccount}:role/${name}`;

describeWith(await emulatorMissing(), 'the roles of a deployment where policies are enforced', () => {
  let theatre: Theatre;
  let own: Deployed;
  let other: Deployed;
  beforeAll(async () => {
    theatre = await openTheatre({ enforced: true });
    [own, other] = await Promise.all([deployed('customer'), deployed('customer')]);
    await theatre.observer.call({ service: 's3', call: 'create_bucket', with: { Bucket: 'a-bucket' } });
    // What the customer pastes, for the one deployment.
    const trust = JSON.stringify(customerTrustPolicy({ taskRoleArn: own.task.arn, deploymentId: own.id }));
    for (const RoleName of ['customer', 'undeclared']) {
      await theatre.observer.call({
        service: 'iam',
        call: 'create_role',
        with: { RoleName, AssumeRolePolicyDocument: trust },
        as: customerRoot,
      });
    }
  });
  afterAll(() => theatre.close());

  async function deployed(role: string): Promise<Deployed> {
    const { provisioner } = theatre.provisioner();
    const secrets = { TOKEN: randomUUID() };
    const spec: WorkloadSpec = testSpec(theatre.stage.image, { database: true, assumeRoles: { CUSTOMER: roleArn(role) }, secrets });
    await serve(provisioner, spec);
    const seen = await theatre.observer.snapshot(spec.deploymentId);
    const [execution, task] = seen.roles as [SeenRole, SeenRole];
    return {
      id: spec.deploymentId,
      seen,
      task,
      execution,
      table: seen.tables[0]!.name,
      secret: seen.secrets[0]!.arn,
      logGroup: seen.logGroups[0]!.name,
      asTask: await sessionOf(task),
      asExecution: await sessionOf(execution),
    };
  }

  /** What ECS does for a task. The emulator does not, so the role lets the test in as well; before that it lets in nobody but ECS. */
  async function sessionOf({ name, arn: RoleArn, trust }: SeenRole): Promise<Identity> {
    const assume: Call = { service: 'sts', call: 'assume_role', with: { RoleArn, RoleSessionName: 'task' } };
    expect(await verdict(assume)).toBe('denied');
    const { Version, Statement } = trust as { Version: string; Statement: object[] };
    const account = RoleArn.split(':')[4];
    const test = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'sts:AssumeRole' };
    const PolicyDocument = JSON.stringify({ Version, Statement: [...Statement, test] });
    await theatre.observer.call({ service: 'iam', call: 'update_assume_role_policy', with: { RoleName: name, PolicyDocument } });
    const { Credentials: made } = (await theatre.observer.call(assume)) as {
      Credentials: Record<'AccessKeyId' | 'SecretAccessKey' | 'SessionToken', string>;
    };
    return { accessKeyId: made.AccessKeyId, secretAccessKey: made.SecretAccessKey, sessionToken: made.SessionToken };
  }

  /** `allowed`, `denied`, or what else AWS says. */
  async function verdict(call: Call): Promise<string> {
    try {
      await theatre.observer.call(call);
      return 'allowed';
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return /^(AccessDenied|UnauthorizedOperation|NotAuthorized|AuthorizationError)/.test(error.code) ? 'denied' : error.message;
    }
  }

  it.each<[string, () => Deployed, () => object, string]>([
    ['with its id as External ID', () => own, () => ({ RoleArn: roleArn('customer'), ExternalId: own.id }), 'allowed'],
    ['with a wrong External ID', () => own, () => ({ RoleArn: roleArn('customer'), ExternalId: other.id }), 'denied'],
    ['without an External ID', () => own, () => ({ RoleArn: roleArn('customer') }), 'denied'],
    [
      'of another deployment, with the right External ID',
      () => other,
      () => ({ RoleArn: roleArn('customer'), ExternalId: own.id }),
      'denied',
    ],
    [
      'of another deployment, with its own External ID',
      () => other,
      () => ({ RoleArn: roleArn('customer'), ExternalId: other.id }),
      'denied',
    ],
    [
      'that does not declare the role, which trusts it',
      () => own,
      () => ({ RoleArn: roleArn('undeclared'), ExternalId: own.id }),
      'denied',
    ],
    ['whose role name has a typo', () => own, () => ({ RoleArn: roleArn('custommer'), ExternalId: own.id }), 'denied'],
  ])('a deployment %s is let into a role of another account, or refused [AWS-1, AWS-2, CFG-7]', async (_name, caller, call, expected) => {
    const assume = { service: 'sts', call: 'assume_role', with: { ...call(), RoleSessionName: 'customer' } };
    expect(await verdict({ ...assume, as: caller().asTask })).toBe(expected);
    // The role that pulls its image is no way round.
    expect(await verdict({ ...assume, as: caller().asExecution })).toBe('denied');
  });

  it('a session with a forged key is refused', async () => {
    const as = { ...own.asTask, secretAccessKey: 'forged' };
    expect(await verdict({ service: 'dynamodb', call: 'describe_table', with: { TableName: own.table }, as })).toContain(
      'InvalidSignature',
    );
  });

  const key = { pk: { S: 'a' }, sk: { S: 'b' } };
  const values = { ':pk': { S: 'a' } };
  const itemCalls: readonly [call: string, arguments: (table: string) => object][] = [
    ['put_item', (TableName) => ({ TableName, Item: key })],
    ['get_item', (TableName) => ({ TableName, Key: key })],
    ['update_item', (TableName) => ({ TableName, Key: key, UpdateExpression: 'SET a = :pk', ExpressionAttributeValues: values })],
    ['query', (TableName) => ({ TableName, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: values })],
    ['scan', (TableName) => ({ TableName })],
    ['batch_get_item', (table) => ({ RequestItems: { [table]: { Keys: [key] } } })],
    ['batch_write_item', (table) => ({ RequestItems: { [table]: [{ PutRequest: { Item: key } }] } })],
    ['transact_get_items', (TableName) => ({ TransactItems: [{ Get: { TableName, Key: key } }] })],
    ['transact_write_items', (TableName) => ({ TransactItems: [{ Put: { TableName, Item: key } }] })],
    [
      'transact_write_items',
      (TableName) => ({ TransactItems: [{ ConditionCheck: { TableName, Key: key, ConditionExpression: 'attribute_exists(pk)' } }] }),
    ],
    ['delete_item', (TableName) => ({ TableName, Key: key })],
    ['describe_table', (TableName) => ({ TableName })],
    ['describe_time_to_live', (TableName) => ({ TableName })],
  ];

  it('uses the items of its own table in every way there is, and no other table in any [AWS-1, CFG-6]', async () => {
    const verdicts: unknown[] = [];
    for (const [call, argumentsFor] of itemCalls) {
      const on = (table: string): Promise<string> =>
        verdict({ service: 'dynamodb', call, with: argumentsFor(table) as never, as: own.asTask });
      verdicts.push([call, await on(own.table), await on(other.table)]);
    }
    expect(verdicts).toEqual(itemCalls.map(([call]) => [call, 'allowed', 'denied']));
  });

  it('may not name another table beside its own [AWS-1, CFG-6]', async () => {
    const RequestItems = { [own.table]: { Keys: [key] }, [other.table]: { Keys: [key] } };
    const TransactItems = [own, other].map(({ table }) => ({ Put: { TableName: table, Item: key } }));
    const dynamodb = { service: 'dynamodb', as: own.asTask };
    expect(await verdict({ ...dynamodb, call: 'batch_get_item', with: { RequestItems } })).toBe('denied');
    expect(await verdict({ ...dynamodb, call: 'transact_write_items', with: { TransactItems } })).toBe('denied');
  });

  const text = (document: unknown): string => JSON.stringify(document);
  const everything = text({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });

  /** What neither role may do, own things of the deployment first. */
  const foreignCalls = (): Call[] => {
    const calls: [service: string, call: string, with_?: Record<string, unknown>][] = [
      ['dynamodb', 'delete_table', { TableName: own.table }],
      ['dynamodb', 'update_table', { TableName: own.table, DeletionProtectionEnabled: false }],
      ['dynamodb', 'update_time_to_live', { TableName: own.table, TimeToLiveSpecification: { Enabled: false, AttributeName: 'ttl' } }],
      [
        'dynamodb',
        'update_continuous_backups',
        { TableName: own.table, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false } },
      ],
      ['dynamodb', 'create_backup', { TableName: own.table, BackupName: 'mine' }],
      [
        'dynamodb',
        'create_table',
        {
          TableName: 'another',
          BillingMode: 'PAY_PER_REQUEST',
          KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
          AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        },
      ],
      ['dynamodb', 'list_tables'],
      ['sts', 'assume_role', { RoleArn: own.execution.arn, RoleSessionName: 'task' }],
      ['sts', 'assume_role', { RoleArn: other.task.arn, RoleSessionName: 'task' }],
      ['sts', 'assume_role', { RoleArn: other.execution.arn, RoleSessionName: 'task' }],
      ['sts', 'assume_role', { RoleArn: own.task.arn.replace(/role\/.*/, 'role/runlayer-default-push'), RoleSessionName: 'task' }],
      ['sts', 'get_federation_token', { Name: 'name' }],
      ['iam', 'list_roles'],
      ['iam', 'get_role', { RoleName: own.task.name }],
      ['iam', 'put_role_policy', { RoleName: own.task.name, PolicyName: 'more', PolicyDocument: everything }],
      ['iam', 'update_assume_role_policy', { RoleName: own.task.name, PolicyDocument: text(own.task.trust) }],
      ['iam', 'delete_role_policy', { RoleName: own.task.name, PolicyName: 'table' }],
      ['iam', 'create_user', { UserName: 'x' }],
      ['iam', 'create_role', { RoleName: 'x', AssumeRolePolicyDocument: text(own.task.trust) }],
      ['secretsmanager', 'get_secret_value', { SecretId: other.secret }],
      ['secretsmanager', 'describe_secret', { SecretId: own.secret }],
      ['secretsmanager', 'put_secret_value', { SecretId: own.secret, SecretString: '{}' }],
      ['secretsmanager', 'delete_secret', { SecretId: own.secret }],
      ['secretsmanager', 'list_secrets'],
      ['secretsmanager', 'create_secret', { Name: 'x', SecretString: 'x' }],
      ['logs', 'get_log_events', { logGroupName: own.logGroup, logStreamName: 'x' }],
      ['logs', 'filter_log_events', { logGroupName: own.logGroup }],
      ['logs', 'describe_log_groups'],
      ['logs', 'create_log_group', { logGroupName: '/x' }],
      ['logs', 'delete_log_group', { logGroupName: own.logGroup }],
      ['logs', 'create_log_stream', { logGroupName: other.logGroup, logStreamName: 'x' }],
      ['logs', 'put_log_events', { logGroupName: other.logGroup, logStreamName: 'x', logEvents: [{ timestamp: 1, message: 'x' }] }],
      ['ecr', 'describe_repositories'],
      ['ecr', 'list_images', { repositoryName: 'test/server' }],
      ['ecr', 'initiate_layer_upload', { repositoryName: 'test/server' }],
      ['ecr', 'put_image', { repositoryName: 'test/server', imageManifest: '{}', imageTag: 'x' }],
      ['ecr', 'batch_delete_image', { repositoryName: 'test/server', imageIds: [{ imageTag: 'latest' }] }],
      ['ecr', 'batch_get_image', { repositoryName: 'another/server', imageIds: [{ imageTag: 'latest' }] }],
      ['ecs', 'list_clusters'],
      ['ecs', 'list_tasks', { cluster: 'runlayer' }],
      ['ecs', 'describe_services', { cluster: 'runlayer', services: [own.seen.services[0]!.serviceName] }],
      ['ecs', 'describe_task_definition', { taskDefinition: own.seen.taskDefinitions[0]!.arn }],
      ['ecs', 'run_task', { cluster: 'runlayer', taskDefinition: other.seen.taskDefinitions[0]!.arn }],
      ['ecs', 'stop_task', { cluster: 'runlayer', task: other.seen.tasks[0]!.arn }],
      ['ecs', 'update_service', { cluster: 'runlayer', service: own.seen.services[0]!.serviceName, desiredCount: 9 }],
      ['ecs', 'execute_command', { cluster: 'runlayer', task: other.seen.tasks[0]!.arn, command: 'sh', interactive: true }],
      ['ec2', 'describe_vpcs'],
      ['ec2', 'describe_security_groups'],
      [
        'ec2',
        'authorize_security_group_ingress',
        { GroupId: own.seen.securityGroups[0]!.id, IpProtocol: 'tcp', FromPort: 1, ToPort: 2, CidrIp: '0.0.0.0/0' },
      ],
      ['ec2', 'run_instances', { ImageId: 'ami-1', MinCount: 1, MaxCount: 1 }],
      ['s3', 'list_buckets'],
      ['s3', 'create_bucket', { Bucket: 'a-bucket-of-mine' }],
      ['s3', 'get_object', { Bucket: 'a-bucket', Key: 'x' }],
      ['lambda', 'list_functions'],
      ['sqs', 'list_queues'],
      ['sns', 'list_topics'],
      ['ssm', 'get_parameter', { Name: 'x' }],
      ['kms', 'list_keys'],
      ['cloudformation', 'list_stacks'],
      ['cloudwatch', 'put_metric_data', { Namespace: 'x', MetricData: [{ MetricName: 'x', Value: 1 }] }],
      ['events', 'list_rules'],
      ['route53', 'list_hosted_zones'],
      ['rds', 'describe_db_instances'],
    ];
    return calls.map(([service, call, arguments_]) => ({ service, call, with: arguments_ }));
  };

  async function allow(calls: readonly Call[], as: Identity): Promise<string[]> {
    const verdicts = await Promise.all(calls.map(async (call) => [call, await verdict({ ...call, as })] as const));
    return verdicts.flatMap(([{ service, call }, said]) => (said === 'denied' ? [] : [`${service} ${call}: ${said}`]));
  }

  it('denies these calls to a deployment only: to the root user of the account no look is denied', async () => {
    const looks = foreignCalls().filter(({ call }) => /^(list|describe|get)_/.test(call) && call !== 'get_federation_token');
    expect(looks.length).toBeGreaterThan(20);
    for (const look of looks) expect([look.call, await verdict(look)]).not.toEqual([look.call, 'denied']);
  });

  it('may do nothing else: nothing to its table, its secrets, its log, its roles or any other service [AWS-1, CFG-6]', async () => {
    const forTasks: Call[] = [
      { service: 'secretsmanager', call: 'get_secret_value', with: { SecretId: own.secret } },
      { service: 'ecr', call: 'get_authorization_token' },
      { service: 'ecr', call: 'batch_get_image', with: { repositoryName: 'test/server', imageIds: [{ imageTag: 'latest' }] } },
      { service: 'logs', call: 'create_log_stream', with: { logGroupName: own.logGroup, logStreamName: 'x' } },
    ];
    expect(await allow([...foreignCalls(), ...forTasks], own.asTask)).toEqual([]);
  });

  it('lets ECS pull the image, read its own variables and write its own log, and nothing else with the execution role [AWS-4]', async () => {
    const repositoryName = 'test/server';
    const digest = theatre.stage.image.split('@')[1]!;
    const allowed: Call[] = [
      { service: 'ecr', call: 'get_authorization_token' },
      { service: 'ecr', call: 'batch_get_image', with: { repositoryName, imageIds: [{ imageDigest: digest }] } },
      { service: 'ecr', call: 'batch_check_layer_availability', with: { repositoryName, layerDigests: [digest] } },
      { service: 'secretsmanager', call: 'get_secret_value', with: { SecretId: own.secret } },
    ];
    for (const call of allowed) expect([call.call, await verdict({ ...call, as: own.asExecution })]).toEqual([call.call, 'allowed']);
    const items = itemCalls.map(([call, argumentsFor]): Call => ({ service: 'dynamodb', call, with: argumentsFor(own.table) as never }));
    expect(await allow([...foreignCalls(), ...items], own.asExecution)).toEqual([]);
  });

  // Simulated: the emulator asks for other actions or resources than AWS does.
  it.each<[string, () => object, string[], (of: Deployed) => string]>([
    [
      'the execution role writes its own log, and no other',
      () => own.execution.inline['start']!,
      ['logs:CreateLogStream', 'logs:PutLogEvents'],
      ({ logGroup }) => `arn:aws:logs:us-east-1:${account()}:log-group:${logGroup}:log-stream:runlayer/service/x`,
    ],
    [
      'the task role uses its own table with PartiQL, and no other',
      () => own.task.inline['table']!,
      ['dynamodb:PartiQLSelect', 'dynamodb:PartiQLInsert', 'dynamodb:PartiQLUpdate', 'dynamodb:PartiQLDelete'],
      ({ table }) => `arn:aws:dynamodb:us-east-1:${account()}:table/${table}`,
    ],
  ])('%s [AWS-1, AWS-4]', async (_name, policy, actions, resourceOf) => {
    const simulated = async (of: Deployed): Promise<string[]> => {
      const input = { PolicyInputList: [text(policy())], ActionNames: actions, ResourceArns: [resourceOf(of)] };
      const { EvaluationResults } = await theatre.observer.call({ service: 'iam', call: 'simulate_custom_policy', with: input });
      return (EvaluationResults as { EvalDecision: string }[]).map(({ EvalDecision }) => EvalDecision);
    };
    expect(await simulated(own)).toEqual(actions.map(() => 'allowed'));
    expect(await simulated(other)).toEqual(actions.map(() => 'implicitDeny'));
  });

  const account = (): string => own.task.arn.split(':')[4]!;

  it('leaves everything as it was after all these tries', async () => {
    const lasting = ({ secrets, tables, securityGroups, services, taskDefinitions }: Snapshot): unknown => [
      secrets,
      tables.map((table) => ({ ...table, items: 0 })),
      securityGroups,
      services,
      taskDefinitions,
    ];
    for (const { id, seen } of [own, other]) expect(lasting(await theatre.observer.snapshot(id))).toEqual(lasting(seen));
  });
});
