import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callOf } from './call.ts';

const own = { name: 'own-table', arn: 'arn:aws:dynamodb:us-east-1:000000000000:table/own-table' };
const call = (operation: string, body: unknown): unknown =>
  JSON.parse(callOf(`DynamoDB_20120810.${operation}`, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), own).body);
const error = (operation: string, body: unknown): string => {
  try {
    call(operation, body);
    return 'none';
  } catch (caught) {
    return (caught as Error).name;
  }
};

const withTable = ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query', 'Scan', 'DescribeTable', 'DescribeTimeToLive'];
/** A body of each shape in which an operation can name a table. */
const shapes: readonly (readonly [string, (table: unknown) => unknown])[] = [
  ...withTable.map((operation) => [operation, (table: unknown) => ({ TableName: table, Limit: 1 })] as const),
  ['BatchGetItem', (table) => ({ RequestItems: { [String(table)]: { Keys: [] } } })],
  ['BatchWriteItem', (table) => ({ RequestItems: { [String(table)]: [] } })],
  ['TransactGetItems', (table) => ({ TransactItems: [{ Get: { TableName: table } }] })],
  ...['Put', 'Update', 'Delete', 'ConditionCheck', 'AnythingElse'].map(
    (kind) =>
      [
        'TransactWriteItems',
        (table: unknown) => ({ TransactItems: [{ Put: { TableName: own.name } }, { [kind]: { TableName: table } }] }),
      ] as const,
  ),
];
const others = [
  'other-table',
  'own-table2',
  'OWN-TABLE',
  '',
  `${own.arn}2`,
  own.arn.replace('us-east-1', 'eu-west-1'),
  `${own.arn}/index/x`,
  'arn:aws:dynamodb:us-east-1:000000000000:table/other-table',
];

describe('the table of a deployment', () => {
  it.each(shapes)('is reached by %s, by its name and by its ARN [CFG-6]', (operation, body) => {
    expect(call(operation, body(own.name))).toEqual(body(own.name));
    expect(call(operation, body(own.arn))).toEqual(body(own.name));
  });

  it.each(shapes.flatMap(([operation, body]) => others.map((table) => [operation, table, body] as const)))(
    'is the only one: %s on %j is denied [CFG-6]',
    (operation, table, body) => {
      expect(error(operation, body(table))).toBe('AccessDeniedException');
    },
  );

  it.each([
    ['a batch', 'BatchGetItem', { RequestItems: { [own.name]: {}, other: {} } }],
    ['a batch write', 'BatchWriteItem', { RequestItems: { other: [], [own.name]: [] } }],
    ['a transaction', 'TransactGetItems', { TransactItems: [{ Get: { TableName: own.name } }, { Get: { TableName: 'other' } }] }],
    ['one action of two', 'TransactWriteItems', { TransactItems: [{ Put: { TableName: own.name }, Delete: { TableName: 'other' } }] }],
  ])('does not open another beside it in %s [CFG-6]', (_name, operation, body) => {
    expect(error(operation, body)).toBe('AccessDeniedException');
  });

  it('is told to the store as it was checked: of a name given twice, the store sees what was looked at [CFG-6]', () => {
    expect(error('GetItem', '{"TableName":"own-table","TableName":"other"}')).toBe('AccessDeniedException');
    expect(call('GetItem', '{"TableName":"other","TableName":"own-table"}')).toEqual({ TableName: 'own-table' });
    expect(error('BatchGetItem', { RequestItems: { [own.name]: {}, [own.arn]: {} } })).toBe('ValidationException');
  });
});

it('leaves out what is null, which breaks a store that does not expect it', () => {
  expect(call('GetItem', { TableName: own.name, Key: { pk: null, sk: { S: 'a' } }, IndexName: null })).toEqual({
    TableName: own.name,
    Key: { sk: { S: 'a' } },
  });
});

describe('everything else', () => {
  it.each([
    'CreateTable',
    'DeleteTable',
    'UpdateTable',
    'ListTables',
    'UpdateTimeToLive',
    'TagResource',
    'CreateBackup',
    'ExportTableToPointInTime',
    'ExecuteStatement',
    'BatchExecuteStatement',
    'ExecuteTransaction',
    'PutResourcePolicy',
    'DescribeEndpoints',
    'constructor',
    'toString',
  ])('is denied: %s [CFG-6]', (operation) => {
    expect(error(operation, { TableName: own.name, Statement: `SELECT * FROM "${own.name}"` })).toBe('AccessDeniedException');
  });

  it.each(['', 'GetItem', 'DynamoDB_20111205.GetItem', 'DynamoDBStreams_20120810.ListStreams', 'DynamoDB_20120810.Get Item'])(
    'is unknown: %j',
    (target) => {
      expect(() => callOf(target, Buffer.from('{}'), own)).toThrow(expect.objectContaining({ name: 'UnknownOperationException' }));
    },
  );

  it.each([
    ['no body', ''],
    ['no JSON', '{'],
    ['a list', '[]'],
    ['null', 'null'],
    ['text', '"own-table"'],
    ['a null in a list', '{"TableName":"own-table","ScanFilter":{"a":{"AttributeValueList":[null]}}}'],
    ['what is nested too deep', `{"TableName":"own-table","Item":${'{"M":'.repeat(500)}1${'}'.repeat(500)}}`],
    ['what is nested deep enough to exhaust a stack', `{"TableName":"own-table","Item":${'['.repeat(1e6)}${']'.repeat(1e6)}}`],
  ])('cannot be read: %s', (_name, body) => {
    expect(error('GetItem', body)).toBe('SerializationException');
  });

  it('cannot be read where it is no UTF-8', () => {
    const body = Buffer.concat([Buffer.from('{"TableName":"own-table","x":"'), Buffer.from([0xff]), Buffer.from('"}')]);
    expect(() => callOf('DynamoDB_20120810.GetItem', body, own)).toThrow(expect.objectContaining({ name: 'SerializationException' }));
  });

  it.each([
    ['GetItem', {}],
    ['GetItem', { TableName: ['own-table'] }],
    ['GetItem', { TableName: null }],
    ['GetItem', { TableName: null, Key: { pk: null } }],
    ['BatchGetItem', { RequestItems: ['own-table'] }],
    ['BatchGetItem', { TableName: own.name }],
    ['TransactWriteItems', { TransactItems: { Put: { TableName: own.name } } }],
    ['TransactWriteItems', { TransactItems: [1] }],
    ['TransactWriteItems', { TransactItems: [{ Put: 'own-table' }] }],
  ])('names no table: %s %j', (operation, body) => {
    expect(error(operation, body)).toBe('ValidationException');
  });

  it('never throws anything but a refusal, and never lets another name through [CFG-6]', () => {
    const operations = fc.constantFrom(...new Set(shapes.map(([operation]) => operation)));
    const leaf = fc.constantFrom<unknown>(own.name, own.arn, 'other', 1, null, true);
    const names = fc.constantFrom('TableName', 'RequestItems', 'TransactItems', 'Put', 'Get', own.name, 'other', '__proto__');
    const { body } = fc.letrec((tie) => ({
      body: fc.dictionary(names, fc.oneof({ maxDepth: 4 }, leaf, tie('body'), fc.array(tie('body'), { maxLength: 3 })), { maxKeys: 4 }),
    }));
    fc.assert(
      fc.property(operations, body, (operation, given) => {
        let sent: string;
        try {
          sent = callOf(`DynamoDB_20120810.${operation}`, Buffer.from(JSON.stringify(given)), own).body;
        } catch (caught) {
          expect(['AccessDeniedException', 'ValidationException', 'SerializationException']).toContain((caught as Error).name);
          return;
        }
        const read = JSON.parse(sent) as {
          TableName?: unknown;
          RequestItems?: object;
          TransactItems?: Record<string, { TableName: unknown }>[];
        };
        const named = operation.startsWith('Batch')
          ? Object.keys(read.RequestItems ?? {})
          : operation.startsWith('Transact')
            ? (read.TransactItems ?? []).flatMap((item) => Object.values(item).map(({ TableName }) => TableName))
            : [read.TableName];
        for (const name of named) expect(name).toBe(own.name);
      }),
      { numRuns: 500 },
    );
  });
});
