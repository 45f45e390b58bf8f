import { expect, it } from 'vitest';
import { memoryTables } from '../fixtures/memory-tables.ts';
import { testSpec } from '../fixtures/specs.ts';
import { outputsOf, withTable } from './deployment-table.ts';

const tables = memoryTables();
const wanted = testSpec('image', { database: true, env: { PLAIN: '1' }, secrets: { KEY: 'user' } });
const secretAccessKey = `secret-of-${wanted.deploymentId}`;

it('tells the container its table, its region and what any DynamoDB client needs to reach it [CFG-6]', async () => {
  const { env, secrets } = await withTable(tables, wanted);
  expect(env).toEqual({
    PLAIN: '1',
    DB_TABLE_NAME: `test-${wanted.deploymentId}`,
    DB_TABLE_REGION: 'us-east-1',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ENDPOINT_URL_DYNAMODB: 'http://tables.test:8000',
  });
  expect(secrets).toEqual({ KEY: 'user', AWS_ACCESS_KEY_ID: 'KEYID', AWS_SECRET_ACCESS_KEY: secretAccessKey });
  expect(outputsOf(await withTable(tables, wanted))).toEqual({ tableName: `test-${wanted.deploymentId}` });
});

it.each([
  ['no table is wanted', tables, { ...wanted, database: false }],
  ['nobody keeps tables', undefined, wanted],
])('tells it nothing where %s', async (_name, keeper, spec) => {
  expect(await withTable(keeper, spec)).toBe(spec);
  expect(outputsOf(spec)).toEqual({});
});

it('lets nobody name another table than its own [CFG-6]', async () => {
  const secrets = { DB_TABLE_NAME: 'mine', DB_TABLE_REGION: 'moon-1' };
  expect((await withTable(tables, { ...wanted, secrets })).env).toMatchObject({
    DB_TABLE_NAME: `test-${wanted.deploymentId}`,
    DB_TABLE_REGION: 'us-east-1',
  });
});

it.each(['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_ENDPOINT_URL_DYNAMODB'])('leaves the %s that the user sets', async (name) => {
  const { env, secrets } = await withTable(tables, { ...wanted, secrets: { [name]: 'theirs' } });
  expect([env[name], secrets[name]]).toEqual([undefined, 'theirs']);
});

it.each(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'])(
  'mixes no pair of credentials where the user sets %s',
  async (name) => {
    expect((await withTable(tables, { ...wanted, secrets: { [name]: 'theirs' } })).secrets).toEqual({ [name]: 'theirs' });
  },
);
