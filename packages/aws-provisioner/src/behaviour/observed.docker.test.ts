// The life of a deployment, seen through boto3: what each verb makes, changes, leaves alone and takes away.
import type { Provisioner } from '@runlayer/provisioner';
import { describeWith } from '@runlayer/test-services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { destroy, failureOf, next, serve } from '../../fixtures/drive.ts';
import { emulatorMissing } from '../../fixtures/emulator.ts';
import { testSpec } from '../../fixtures/specs.ts';
import { active, alive, countsOf, type Snapshot } from '../../observer/snapshot.ts';
import { onlyTask, openTheatre, servedAt, type Theatre } from '../../observer/theatre.ts';

describeWith(await emulatorMissing(), 'a deployment on AWS, seen by another SDK', () => {
  let theatre: Theatre;
  let boundary: string;
  let before: Snapshot;
  beforeAll(async () => {
    theatre = await openTheatre();
    const PolicyDocument = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';
    const made = await theatre.observer.call({ service: 'iam', call: 'create_policy', with: { PolicyName: 'bounds', PolicyDocument } });
    boundary = (made['Policy'] as { Arn: string }).Arn;
    before = await theatre.observer.snapshot('');
  });
  afterAll(() => theatre.close());

  const own = (deploymentId: string): Record<string, string> => ({
    'managed-by': 'runlayer',
    'runlayer:environment': 'default',
    'runlayer:deployment-id': deploymentId,
  });

  it.concurrent('is made of its own roles, security group, log group, table, secret, revision and task, all of them tagged, and told of them [AWS-1, AWS-4, CFG-6, CFG-7]', async () => {
    const { stage, observer } = theatre;
    const { provisioner } = theatre.provisioner({ permissionsBoundary: boundary });
    const assumeRoles = { BILLING: 'arn:aws:iam::111122223333:role/billing' };
    const spec = testSpec(stage.image, { database: true, assumeRoles, secrets: { TOKEN: 'a-user-value' } });
    const tags = own(spec.deploymentId);
    const endpoint = await serve(provisioner, spec);
    const seen = await observer.snapshot(spec.deploymentId);
    expect(countsOf(seen)).toMatchObject({
      roles: 2,
      securityGroups: 1,
      logGroups: 1,
      secrets: 1,
      tables: 1,
      taskDefinitions: 1,
      services: 1,
      tasks: 1,
    });

    const [execution, task] = seen.roles;
    for (const role of seen.roles) {
      expect(role).toMatchObject({ path: '/runlayer/default/', boundary, attached: [], tags });
      expect(role.trust).toMatchObject({
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'ecs-tasks.amazonaws.com' },
            Action: 'sts:AssumeRole',
            Condition: { StringEquals: { 'aws:SourceAccount': expect.stringMatching(/^\d{12}$/) } },
          },
        ],
      });
    }
    expect(Object.keys(task!.inline).sort()).toEqual(['assume-roles', 'table']);
    expect(task!.inline['assume-roles']!.Statement).toMatchObject([{ Action: 'sts:AssumeRole', Resource: [assumeRoles.BILLING] }]);
    expect(task!.inline['table']!.Statement).toMatchObject([{ Resource: expect.stringContaining(`table/${seen.tables[0]!.name}`) }]);
    expect(Object.keys(execution!.inline)).toEqual(['start']);

    const { proxySecurityGroup, vpc } = stage.options;
    const rule = { IpProtocol: 'tcp', FromPort: 8000, ToPort: 8000, IpRanges: [], Ipv6Ranges: [], PrefixListIds: [] };
    expect(seen.securityGroups[0]).toMatchObject({
      vpc,
      tags,
      ingress: [{ ...rule, UserIdGroupPairs: [expect.objectContaining({ GroupId: proxySecurityGroup })] }],
    });
    expect(seen.logGroups[0]).toEqual({ name: expect.stringContaining(spec.deploymentId), retention: 30, tags });
    expect(seen.secrets).toMatchObject([{ versions: 1, deleted: null, tags: { ...tags, 'runlayer:release-id': spec.releaseId } }]);
    expect(JSON.parse(seen.secrets[0]!.value!)).toEqual({ TOKEN: 'a-user-value' });
    expect(seen.tables[0]).toEqual({
      id: expect.any(String),
      name: expect.stringContaining(spec.deploymentId),
      keys: { HASH: 'pk', RANGE: 'sk' },
      types: { pk: 'S', sk: 'S' },
      billing: 'PAY_PER_REQUEST',
      protected: true,
      encryption: 'ENABLED',
      recovery: 'ENABLED',
      ttl: { AttributeName: 'ttl', TimeToLiveStatus: 'ENABLED' },
      items: 0,
      tags,
    });
    expect(seen.services[0]).toMatchObject({ desiredCount: 1, runningCount: 1, tags, taskDefinition: seen.taskDefinitions[0]!.arn });
    expect(seen.services[0]).toMatchObject({
      launchType: 'FARGATE',
      propagateTags: 'SERVICE',
      enableECSManagedTags: true,
      deploymentConfiguration: {
        minimumHealthyPercent: 100,
        maximumPercent: 200,
        deploymentCircuitBreaker: { enable: true, rollback: true },
      },
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: stage.options.subnets,
          securityGroups: [seen.securityGroups[0]!.id],
          assignPublicIp: 'DISABLED',
        },
      },
    });
    expect(onlyTask(seen).address).toBe(endpoint.host);
    expect((await servedAt(endpoint.host))['RUNLAYER_DEPLOYMENT_TASK_ROLE_ARN']).toBe(task!.arn);
    await destroy(provisioner, spec.deploymentId);
  });

  it.concurrent('is registered for Fargate with this very definition: pinned image, architecture, init, no privilege, no user value [AWS-4]', async () => {
    const { provisioner } = theatre.provisioner({ stopSeconds: 45, containerEnvironment: { AWS_ENDPOINT: 'local' } });
    const spec = testSpec(theatre.stage.image, {
      cpu: 512,
      memoryMiB: 1024,
      env: { MODE: 'plain' },
      secrets: { B: 'user-b', A: 'user-a' },
    });
    await serve(provisioner, spec);
    const seen = await theatre.observer.snapshot(spec.deploymentId);
    const [{ definition, tags }] = seen.taskDefinitions as [Snapshot['taskDefinitions'][number]];
    const [execution, task] = seen.roles;
    expect(tags).toEqual(own(spec.deploymentId));
    expect(definition).toMatchObject({
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '512',
      memory: '1024',
      runtimePlatform: { cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' },
      executionRoleArn: execution!.arn,
      taskRoleArn: task!.arn,
      volumes: [],
    });
    const [container, ...others] = definition.containerDefinitions;
    expect(others).toEqual([]);
    const secret = seen.secrets[0]!.arn;
    // Equal, not alike: a field that comes, such as `privileged`, must be seen here.
    expect(container).toEqual({
      name: 'service',
      image: expect.stringMatching(/@sha256:[0-9a-f]{64}$/),
      essential: true,
      cpu: 0,
      portMappings: [{ containerPort: 8000, protocol: 'tcp' }],
      environment: [
        { name: 'AWS_ENDPOINT', value: 'local' },
        { name: 'MODE', value: 'plain' },
        { name: 'RUNLAYER_DEPLOYMENT_TASK_ROLE_ARN', value: task!.arn },
      ],
      secrets: [
        { name: 'A', valueFrom: `${secret}:A::` },
        { name: 'B', valueFrom: `${secret}:B::` },
      ],
      stopTimeout: 45,
      linuxParameters: { initProcessEnabled: true },
      logConfiguration: {
        logDriver: 'awslogs',
        options: { 'awslogs-group': seen.logGroups[0]!.name, 'awslogs-region': 'us-east-1', 'awslogs-stream-prefix': 'runlayer' },
      },
      dockerLabels: expect.objectContaining({ 'com.runlayer.deployment': spec.deploymentId, 'com.runlayer.release': spec.releaseId }),
    });
    await destroy(provisioner, spec.deploymentId);
  });

  it.concurrent('deployed, planned and asked again without a change is not touched at all: no mutating call, and not a byte differs [AWS-4]', async () => {
    const { provisioner, changes } = theatre.provisioner();
    const spec = testSpec(theatre.stage.image, { database: true, secrets: { TOKEN: 'a-user-value' } });
    await serve(provisioner, spec);
    const seen = await theatre.observer.snapshot(spec.deploymentId);
    expect(changes().length).toBeGreaterThan(8);
    expect(await provisioner.plan(next(spec, {}))).toEqual({ deploymentId: spec.deploymentId, action: 'none', changes: [] });
    await provisioner.plan(next(spec, { port: 8001, database: false, secrets: {} }));
    await provisioner.status(spec.deploymentId);
    await serve(provisioner, next(spec, {}));
    expect(changes()).toEqual([]);
    expect(JSON.stringify(await theatre.observer.snapshot(spec.deploymentId))).toBe(JSON.stringify(seen));
    await destroy(provisioner, spec.deploymentId);
  });

  it.concurrent('with a changed variable gets one new revision and one new secret, keeps its roles, and gets the former value back with the former release [AWS-1, AWS-4]', async () => {
    const { provisioner, changes } = theatre.provisioner();
    const spec = testSpec(theatre.stage.image, { secrets: { TOKEN: 'the-old-value', GONE: 'a-variable-that-goes' } });
    await serve(provisioner, spec);
    const first = await theatre.observer.snapshot(spec.deploymentId);
    changes();
    const second = next(spec, { secrets: { TOKEN: 'the-new-value' } });
    await serve(provisioner, second);
    const made = changes();
    expect(made.filter((call) => call === 'RegisterTaskDefinition')).toHaveLength(1);
    expect(made.filter((call) => call === 'CreateSecret')).toHaveLength(1);
    const seen = await theatre.seenWhen(spec.deploymentId, 'the former task has stopped', (now) => alive(now).length === 1);
    expect(active(seen).map(({ definition }) => definition['revision'])).toEqual([2]);
    expect(seen.secrets.map(({ value }) => JSON.parse(value!) as unknown)).toEqual([{ TOKEN: 'the-new-value' }]);
    const same = ({ roles, securityGroups, logGroups, tables }: Snapshot): unknown => ({ roles, securityGroups, logGroups, tables });
    expect(same(seen)).toEqual(same(first));
    const served = await servedAt(onlyTask(seen).address);
    expect(served).toMatchObject({ TOKEN: 'the-new-value' });
    expect(served).not.toHaveProperty('GONE');

    await serve(provisioner, spec);
    const back = await theatre.seenWhen(spec.deploymentId, 'the former task has stopped', (now) => alive(now).length === 1);
    expect(await servedAt(onlyTask(back).address)).toMatchObject({ TOKEN: 'the-old-value', GONE: 'a-variable-that-goes' });
    expect(same(back)).toEqual(same(first));
    await destroy(provisioner, spec.deploymentId);
  });

  const failing = [
    ['a missing image', (image: string) => ({ image: image.replace(/@.*/, `@sha256:${'0'.repeat(64)}`) }), 'image_missing'],
    ['a container that exits at once', () => ({ env: { EXIT_CODE: '3', EXIT_TEXT: 'DATABASE_URL is not set' } }), 'exited_at_start'],
    ['a wrong port', () => ({ env: { PORT: '9000' } }), 'not_listening'],
  ] as const;

  it.concurrent.each(failing)(
    'first started with %s leaves nothing but what is free, and serves once it is corrected, with the same roles [AWS-1, AWS-4, PLAT-4]',
    async (...[, wrong, code]) => {
      const { provisioner } = theatre.provisioner();
      const spec = testSpec(theatre.stage.image, { secrets: { TOKEN: 'a-user-value' } });
      const failure = await failureOf(provisioner, next(spec, wrong(spec.image)));
      expect(failure).toMatchObject({ code });
      if (code === 'exited_at_start') expect(failure.evidence).toEqual({ exitCode: 3, lastLines: ['DATABASE_URL is not set'] });
      const left = await theatre.observer.snapshot(spec.deploymentId);
      // A missing image is seen before anything is made.
      expect(countsOf(left)).toEqual(code === 'image_missing' ? {} : { roles: 2, securityGroups: 1, logGroups: 1 });
      await serve(provisioner, next(spec, {}));
      const seen = await theatre.observer.snapshot(spec.deploymentId);
      if (left.roles.length > 0) expect(seen.roles).toEqual(left.roles);
      expect(await destroy(provisioner, spec.deploymentId)).toEqual([]);
    },
  );

  it.concurrent.each(failing)(
    'that serves, deployed with %s, serves on as if nothing had been tried [AWS-4, PLAT-4]',
    async (...[, wrong, code]) => {
      const { provisioner } = theatre.provisioner();
      const spec = testSpec(theatre.stage.image, { secrets: { TOKEN: 'the-old-value' } });
      await serve(provisioner, spec);
      const seen = await theatre.observer.snapshot(spec.deploymentId);
      expect(await failureOf(provisioner, next(spec, { ...wrong(spec.image), secrets: { TOKEN: 'the-new-value' } }))).toMatchObject({
        code,
      });
      const after = await theatre.observer.snapshot(spec.deploymentId);
      const lasting = (one: Snapshot): Snapshot => ({ ...one, tasks: alive(one), taskDefinitions: active(one) });
      expect(lasting(after)).toEqual(lasting(seen));
      expect(await servedAt(onlyTask(after).address)).toMatchObject({ TOKEN: 'the-old-value' });
      expect(await provisioner.status(spec.deploymentId)).toMatchObject({ state: 'serving', releaseId: spec.releaseId });
      await destroy(provisioner, spec.deploymentId);
    },
  );

  it.concurrent('destroyed leaves its log group alone, destroyed again nothing is called, and made again it is a new one [AWS-1, AWS-4]', async () => {
    const { provisioner, changes } = theatre.provisioner({ keepLogs: true });
    const spec = testSpec(theatre.stage.image, { database: true, secrets: { TOKEN: 'a-user-value' } });
    const dynamodb = { service: 'dynamodb', call: 'put_item' };
    await serve(provisioner, spec);
    const first = await theatre.observer.snapshot(spec.deploymentId);
    const TableName = first.tables[0]!.name;
    await theatre.observer.call({ ...dynamodb, with: { TableName, Item: { pk: { S: 'a' }, sk: { S: 'b' } } } });
    expect(await destroy(provisioner, spec.deploymentId)).toEqual([]);
    const left = await theatre.observer.snapshot(spec.deploymentId);
    expect(countsOf(left)).toEqual({ logGroups: 1 });
    expect(left.taskDefinitions).toEqual([]);
    changes();
    expect(await destroy(provisioner, spec.deploymentId)).toEqual([]);
    expect(changes()).toEqual([]);

    await serve(provisioner, next(spec, {}));
    const again = await theatre.observer.snapshot(spec.deploymentId);
    expect(countsOf(again)).toEqual(countsOf(first));
    const ids = ({ roles }: Snapshot): string[] => roles.map(({ id }) => id);
    expect(ids(again)).not.toEqual(expect.arrayContaining(ids(first)));
    expect(again.tables[0]).toMatchObject({ items: 0, protected: true, ttl: { TimeToLiveStatus: 'ENABLED' } });
    expect(again.tables[0]!.id).not.toBe(first.tables[0]!.id);
    expect(await servedAt(onlyTask(again).address)).toMatchObject({ TOKEN: 'a-user-value' });
    const purging = theatre.provisioner().provisioner;
    expect(await destroy(purging, spec.deploymentId)).toEqual([]);
    expect(countsOf(await theatre.observer.snapshot(spec.deploymentId))).toEqual({});
  });

  it.concurrent.each([
    ['its first task starts', {}],
    ['the trial of its next release runs', { secrets: { TOKEN: 'the-new-value' } }],
  ])('destroyed while %s is gone for good, by the same process or by another [AWS-4]', async (_name, change) => {
    const isNext = Object.keys(change).length > 0;
    const [one, other] = [1, 2].map(() => theatre.provisioner({ healthTimeoutMs: 60_000 }).provisioner) as [Provisioner, Provisioner];
    const spec = testSpec(theatre.stage.image, { secrets: { TOKEN: 'the-old-value' } });
    if (isNext) await serve(one, spec);
    const slow = next(spec, { ...change, env: { START_DELAY_MS: '30000' } });
    const applied = collect(one.apply(slow));
    const wanted = isNext ? 2 : 1;
    await theatre.seenWhen(spec.deploymentId, 'the task has begun', (now) => alive(now).length === wanted);
    const destroyer = isNext ? other : one;
    await destroy(destroyer, spec.deploymentId);
    expect(['failed', 'thrown']).toContain(await applied);
    // What the other process made after the removal, a second one takes.
    expect(await destroy(destroyer, spec.deploymentId)).toEqual([]);
    expect(countsOf(await theatre.observer.snapshot(spec.deploymentId))).toEqual({});
  });

  async function collect(events: AsyncIterable<{ type: string }>): Promise<string> {
    let last = 'nothing';
    try {
      for await (const { type } of events) last = type;
    } catch {
      return 'thrown';
    }
    return last;
  }

  it('leaves alone what has its names and belongs to somebody else [AWS-4]', async () => {
    const { provisioner } = theatre.provisioner();
    const spec = testSpec(theatre.stage.image);
    const { taskRole: RoleName } = theatre.stage.context.names(spec.deploymentId);
    const iam = (call: string, input: object): Promise<unknown> =>
      theatre.observer.call({ service: 'iam', call, with: { RoleName, ...input } });
    await iam('create_role', { AssumeRolePolicyDocument: '{"Version":"2012-10-17","Statement":[]}' });
    await expect(serve(provisioner, spec)).rejects.toMatchObject({ code: 'ERR_AWS_FOREIGN_OWNER' });
    await expect(destroy(provisioner, spec.deploymentId)).rejects.toMatchObject({ code: 'ERR_AWS_FOREIGN_OWNER' });
    expect(countsOf(await theatre.observer.snapshot(spec.deploymentId))).toEqual({ roles: 1 });
    await iam('delete_role', {});
  });

  const elsewhere = { endpoint: 'http://127.0.0.1:9', maxAttempts: 1 };

  it.each([
    ['a cluster that does not exist', { cluster: 'elsewhere' }, 'ERR_AWS_PLATFORM'],
    ['a subnet of another VPC', { subnets: ['subnet-00000000'] }, 'ERR_AWS_PLATFORM'],
    ['another account', { account: '999999999999' }, 'ERR_AWS_ACCOUNT'],
    ['an address where nothing is', elsewhere, 'ERR_AWS_UNREACHABLE'],
  ])('is not begun with %s', async (_name, wrong, code) => {
    const { provisioner, changes } = theatre.provisioner(wrong);
    await expect(serve(provisioner, testSpec(theatre.stage.image))).rejects.toMatchObject({ code });
    expect(changes()).toEqual([]);
  });

  it('is of unknown state where AWS cannot be asked', async () => {
    const seen = await theatre.provisioner(elsewhere).provisioner.status(crypto.randomUUID());
    expect(seen).toMatchObject({ state: 'unknown', failure: { code: 'engine_error' } });
  });

  it('leaves the account as it was, once all are destroyed [AWS-4]', async () => {
    const lasting = (one: Snapshot): unknown => ({ ...one, tasks: alive(one), taskDefinitions: active(one) });
    expect(lasting(await theatre.observer.snapshot(''))).toEqual(lasting(before));
  });
});
