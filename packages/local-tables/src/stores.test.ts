// The same list of operations against every store: what each has of DynamoDB is measured, and the README says what is missing.
import { readFileSync } from 'node:fs';
import { describeWith } from '@runlayer/test-services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emulatorPython, type Ministack, startMinistack } from '../fixtures/ministack.ts';
import { type Operation, operations, outcomeOf } from '../fixtures/operations.ts';
import { type Deployment, openScene, type Scene } from '../fixtures/scene.ts';

import { signedHeadersFor } from './signature.ts';

/** What the built-in store does otherwise than DynamoDB. */
const differences: Readonly<Record<string, unknown>> = {
  'refuses items nested deeper than 32 levels': 'taken',
};
const differencesOfMinistack: Readonly<Record<string, unknown>> = { 'refuses a filter on a key': 'taken' };

const expected = ({ name, outcome }: Operation, other: Readonly<Record<string, unknown>>): unknown =>
  name in other ? other[name] : outcome;

describe('the built-in store', () => {
  let scene: Scene;
  let deployment: Deployment;
  beforeAll(async () => {
    scene = await openScene();
    deployment = await scene.deployment();
  });
  afterAll(() => scene.close());

  it.each(operations.map((operation) => [operation.name, operation] as const))(
    'does as DynamoDB, or as is known: %s [CFG-6]',
    async (_name, operation) => {
      expect(await outcomeOf(operation, deployment.client, deployment.table)).toEqual(expected(operation, differences));
    },
  );

  // Each of these, sent on as it came, ends the thread that the store runs in.
  it.each([
    ['GetItem', { Key: { pk: null, sk: { S: 'a' } } }],
    ['UpdateItem', { Key: { pk: null, sk: { S: 'a' } } }],
    ['Scan', { ScanFilter: { a: { ComparisonOperator: 'EQ', AttributeValueList: [null] } } }],
  ])('outlives a %s that dynalite does not: %j', async (operation, more) => {
    const body = Buffer.from(JSON.stringify({ TableName: deployment.table, ...more }));
    const target = `DynamoDB_20120810.${operation}`;
    const answer = await scene.send(signedHeadersFor({ host: 'h', target, body }, deployment.key, 'us-east-1', new Date()), body);
    expect(answer.status).toBe(400);
    expect(await scene.tables.has(deployment.id)).toBe(true);
  });

  it('differs in nothing that the README leaves out', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    for (const name of Object.keys(differences)) expect(readme).toContain(name);
  });
});

describeWith(typeof emulatorPython === 'string' ? emulatorPython : undefined, 'a store at an endpoint', () => {
  let ministack: Ministack;
  let scene: Scene;
  let deployment: Deployment;
  beforeAll(async () => {
    ministack = await startMinistack();
    scene = await openScene({ endpoint: ministack.endpoint });
    deployment = await scene.deployment();
  }, 60_000);
  afterAll(async () => {
    await scene.close();
    await ministack.stop();
  });

  it.each(operations.map((operation) => [operation.name, operation] as const))(
    'does as DynamoDB, or as is known: %s',
    async (_name, operation) => {
      expect(await outcomeOf(operation, deployment.client, deployment.table)).toEqual(expected(operation, differencesOfMinistack));
    },
  );

  it('expires items itself, so that nothing is swept', async () => {
    expect(await scene.tables.sweep()).toEqual({ pages: 0, removed: 0 });
  });

  it('loses a table with its deployment, and has it again', async () => {
    const { tables } = scene;
    await tables.remove(deployment.id);
    await tables.remove(deployment.id);
    expect(await tables.has(deployment.id)).toBe(false);
    await tables.ensure(deployment.id);
    expect(await tables.has(deployment.id)).toBe(true);
  });
});
