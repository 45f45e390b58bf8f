// A container that calls AWS with nothing but its own variables, where policies are enforced: a connector's own way to a customer's role.
import { fileURLToPath } from 'node:url';
import { describeWith } from '@runlayer/test-services';
import Docker from 'dockerode';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serve } from '../../fixtures/drive.ts';
import { emulatorMissing } from '../../fixtures/emulator.ts';
import { buildServerImage, pushImage } from '../../fixtures/images.ts';
import { testSpec } from '../../fixtures/specs.ts';
import { openTheatre, type Theatre } from '../../observer/theatre.ts';
import { customerTrustPolicy } from '../policies/customer-trust-policy.ts';
import { ensureTable, tableArn } from './table.ts';
import { ensureTaskRole } from './task-role.ts';

const program = fileURLToPath(new URL('../../observer/inside.c', import.meta.url));
const customer = { accessKeyId: '222233334444', secretAccessKey: 'customer' };
const customerRole = 'arn:aws:iam::222233334444:role/customer';

describeWith(await emulatorMissing(), 'a connector inside its container, where policies are enforced', () => {
  const docker = new Docker();
  const tag = `runlayer-test-inside:${process.pid}-${Date.now()}`;
  let theatre: Theatre;
  let image: string;
  let host: string;
  let deploymentId: string;
  let role: { readonly name: string; readonly arn: string; readonly id: string };
  const other = crypto.randomUUID();

  beforeAll(async () => {
    [theatre] = await Promise.all([openTheatre({ enforced: true }), buildServerImage(docker, tag, program)]);
    const { stage, observer } = theatre;
    image = await pushImage(docker, stage.emulator, tag, 'test/inside');
    const spec = testSpec(image, { database: true, assumeRoles: { CUSTOMER: customerRole } });
    ({ deploymentId } = spec);
    role = await ensureTaskRole(stage.context, {
      deploymentId,
      assumeRoles: [customerRole],
      tableArn: await tableArn(stage.context, deploymentId),
    });
    await ensureTable(stage.context, other);
    const trust = JSON.stringify(customerTrustPolicy({ taskRoleArn: role.arn, deploymentId }));
    await observer.call({
      service: 'iam',
      call: 'create_role',
      with: { RoleName: 'customer', AssumeRolePolicyDocument: trust },
      as: customer,
    });
    // On AWS the container gets these from ECS. Those that the emulator gives out are not the role's, and its AWS_ENDPOINT_URL is a name.
    const containerEnvironment = { ...(await sessionOf(role)), ENDPOINT: await addressForContainers() };
    ({ host } = await serve(theatre.provisioner({ containerEnvironment }).provisioner, spec));
  });
  afterAll(async () => {
    await theatre.close();
    for (const name of [tag, image])
      await docker
        .getImage(name)
        .remove({ force: true })
        .catch(() => {});
  });

  async function sessionOf({ name, arn }: { name: string; arn: string }): Promise<Record<string, string>> {
    const root = { AWS: `arn:aws:iam::${arn.split(':')[4]}:root` };
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: root, Action: 'sts:AssumeRole' }],
    });
    await theatre.observer.call({ service: 'iam', call: 'update_assume_role_policy', with: { RoleName: name, PolicyDocument } });
    const assume = { service: 'sts', call: 'assume_role', with: { RoleArn: arn, RoleSessionName: 'ecs-task' } };
    const { Credentials: made } = (await theatre.observer.call(assume)) as {
      Credentials: Record<'AccessKeyId' | 'SecretAccessKey' | 'SessionToken', string>;
    };
    return {
      AWS_ACCESS_KEY_ID: made.AccessKeyId,
      AWS_SECRET_ACCESS_KEY: made.SecretAccessKey,
      AWS_SESSION_TOKEN: made.SessionToken,
    };
  }

  async function addressForContainers(): Promise<string> {
    const bridge = (await docker.getNetwork('bridge').inspect()) as { IPAM: { Config: { Gateway?: string }[] } };
    return `http://${bridge.IPAM.Config[0]?.Gateway ?? '172.17.0.1'}:${new URL(theatre.stage.emulator.endpoint).port}`;
  }

  async function called(service: string, body: string, target = ''): Promise<{ status: number; said: string }> {
    const answer = await fetch(`http://${host}:8000/${service}`, { method: 'POST', body, headers: { 'x-amz-target': target } });
    return { status: answer.status, said: await answer.text() };
  }

  const assume = (externalId: string): string => {
    const given = externalId === '' ? '' : `&ExternalId=${externalId}`;
    return `Action=AssumeRole&Version=2011-06-15&RoleArn=$RUNLAYER_AWS_ROLE_CUSTOMER&RoleSessionName=connector${given}`;
  };

  it("is its deployment's task role, the one that the platform tells it, and that was there before it [AWS-1]", async () => {
    const { status, said } = await called('sts', 'Action=GetCallerIdentity&Version=2011-06-15');
    expect([status, said]).toEqual([200, expect.stringContaining(`:assumed-role/${role.name}/ecs-task`)]);
    const [, task] = (await theatre.observer.snapshot(deploymentId)).roles;
    expect(task).toMatchObject({ id: role.id, arn: role.arn });
    // What the test let in is out again.
    expect(task?.trust).toMatchObject({ Statement: [{ Principal: { Service: 'ecs-tasks.amazonaws.com' } }] });
  });

  it.each([
    ['the id of its deployment', () => deploymentId, 200, 'SessionToken'],
    ['another External ID', () => other, 403, 'AccessDenied'],
    ['no External ID', () => '', 403, 'AccessDenied'],
  ])('calling sts:AssumeRole by itself with %s gets in, or not [AWS-2, CFG-7]', async (_name, externalId, status, word) => {
    expect(await called('sts', assume(externalId()))).toEqual({ status, said: expect.stringContaining(word) });
  });

  it.each([
    ['writes to the table it is told of', '$DB_TABLE_NAME', '{}'],
    ['does not write to the table of another deployment', () => theatre.stage.context.names(other).table, 'AccessDenied'],
  ])('%s [CFG-6, AWS-1]', async (_name, table, word) => {
    const TableName = typeof table === 'string' ? table : table();
    const body = JSON.stringify({ TableName, Item: { pk: { S: 'a' }, sk: { S: 'b' } } });
    expect((await called('dynamodb', body, 'DynamoDB_20120810.PutItem')).said).toContain(word);
  });

  it('has written one item to its own table, and none to the other [CFG-6]', async () => {
    const items = async (id: string): Promise<number | undefined> => (await theatre.observer.snapshot(id)).tables[0]?.items;
    expect([await items(deploymentId), await items(other)]).toEqual([1, 0]);
  });
});
