// What a deployment may ask for: the items of its own table. Everything else is refused before the store sees it.
import { Refusal } from './refusal.ts';

/** Members of a body. */
export type Json = Readonly<Record<string, unknown>>;

/** A call that may be made. */
export interface Call {
  readonly operation: string;
  /** What goes to the store: written anew from what was checked, so that the two cannot be read differently. */
  readonly body: string;
}

/** The one table of a caller. */
export interface OwnTable {
  readonly name: string;
  readonly arn: string;
}

/** Where each allowed operation names its tables. */
const operations: Readonly<Record<string, (body: Json, own: OwnTable, operation: string) => Json>> = {
  GetItem: oneTable,
  PutItem: oneTable,
  UpdateItem: oneTable,
  DeleteItem: oneTable,
  Query: oneTable,
  Scan: oneTable,
  DescribeTable: oneTable,
  DescribeTimeToLive: oneTable,
  BatchGetItem: batch,
  BatchWriteItem: batch,
  TransactGetItems: transaction,
  TransactWriteItems: transaction,
};

/** DynamoDB takes 32 levels of items, each of them two of JSON. */
const deepest = 100;

/**
 * The call that a signed request makes.
 *
 * @param target The header `X-Amz-Target`.
 * @throws {Refusal} `AccessDeniedException` for any other operation and any other table, `SerializationException` for what cannot be read.
 */
export function callOf(target: string, body: Uint8Array, own: OwnTable): Call {
  const operation = /^DynamoDB_20120810\.([A-Za-z]{1,64})$/.exec(target)?.[1];
  if (operation === undefined) throw new Refusal('UnknownOperationException', 'X-Amz-Target names no operation of DynamoDB_20120810.');
  const readTables = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
  if (readTables === undefined) throw denied(operation, '*', 'only item operations are allowed here');
  return { operation, body: JSON.stringify(readTables(parse(body), own, operation)) };
}

function parse(body: Uint8Array): Json {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    // The parser's message would repeat what it was given.
    throw unreadable();
  }
  const read = plain(parsed, 0);
  if (!isObject(read)) throw unreadable();
  return read;
}

/** The same without members that are null, which DynamoDB takes as not given; a store may break at one in a place it does not expect. */
function plain(value: unknown, depth: number): unknown {
  if (typeof value !== 'object') return value;
  if (value === null || depth > deepest) throw unreadable();
  if (Array.isArray(value)) return value.map((entry: unknown) => plain(entry, depth + 1));
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([name, member]) => [name, plain(member, depth + 1)]));
}

function unreadable(): Refusal {
  return new Refusal('SerializationException', 'The body is no JSON object, holds a null in a list, or is nested too deep.');
}

function oneTable(body: Json, own: OwnTable, operation: string): Json {
  return { ...body, TableName: ownName(body['TableName'], own, operation) };
}

function batch(body: Json, own: OwnTable, operation: string): Json {
  const requests = body['RequestItems'];
  if (!isObject(requests)) throw noTable('RequestItems');
  const entries = Object.entries(requests).map(([table, request]) => [ownName(table, own, operation), request] as const);
  if (entries.length > 1) throw new Refusal('ValidationException', 'RequestItems names one table twice, by its name and by its ARN.');
  return { ...body, RequestItems: Object.fromEntries(entries) };
}

function transaction(body: Json, own: OwnTable, operation: string): Json {
  const items = body['TransactItems'];
  if (!Array.isArray(items)) throw noTable('TransactItems');
  return { ...body, TransactItems: items.map((item: unknown) => actions(item, own, operation)) };
}

/** Every member counts, known or not: what a store might read as an action has to name the table. */
function actions(item: unknown, own: OwnTable, operation: string): Json {
  if (!isObject(item)) throw noTable('TransactItems');
  const checked = Object.entries(item).map(([kind, action]) => {
    if (!isObject(action)) throw noTable(`TransactItems.${kind}`);
    return [kind, oneTable(action, own, operation)] as const;
  });
  return Object.fromEntries(checked);
}

function ownName(given: unknown, own: OwnTable, operation: string): string {
  if (typeof given !== 'string') throw noTable('TableName');
  if (given !== own.name && given !== own.arn) throw denied(operation, 'that table', 'a deployment has its own table only');
  return own.name;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function denied(operation: string, resource: string, reason: string): Refusal {
  return new Refusal(
    'AccessDeniedException',
    `User is not authorized to perform: dynamodb:${operation} on resource: ${resource}; ${reason}.`,
  );
}

function noTable(where: string): Refusal {
  return new Refusal('ValidationException', `${where} does not name a table as this operation does.`);
}
