// Transactions, and the former item of a condition that failed, for a store without them: one alone on its table, taken back where it fails.
import { createHash } from 'node:crypto';
import type { Json } from './call.ts';
import { Refusal } from './refusal.ts';
import type { Store, StoreAnswer } from './store.ts';
import { createTableTurns, type TableTurns } from './table-turns.ts';
import { type Former, keepFormer, putBack, takeBack } from './undo.ts';

/** DynamoDB's limit of actions. @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html */
const mostActions = 100;
/** How long, and how many, tokens of finished transactions are known, so that a repeated one is done once. */
const tokens = { ms: 600_000, most: 10_000 };

interface Action {
  readonly kind: 'Put' | 'Update' | 'Delete' | 'ConditionCheck';
  readonly request: Json;
  readonly key: Json;
}

interface Done {
  readonly hash: string;
  readonly at: number;
}

interface Reason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: Json;
}

/**
 * The store with TransactWriteItems, TransactGetItems and ReturnValuesOnConditionCheckFailure. All calls on items have to go through it.
 *
 * @param folder Where a transaction that runs keeps what it changes.
 */
export function withTransactions(store: Store, folder: string, now: () => number = Date.now): Store {
  const turns = createTableTurns();
  const done = new Map<string, Done>();
  return {
    close: () => store.close(),
    async send(operation, body, table) {
      if (table === undefined) return store.send(operation, body);
      if (operation === 'TransactGetItems') return turns.alone(table, () => readAll(store, actionsOf(body, ['Get'])));
      if (operation === 'TransactWriteItems') return writeOnce(store, turns, { folder, table, body, done, now: now() });
      if (body.includes('"ReturnValuesOnConditionCheckFailure":"ALL_OLD"'))
        return turns.alone(table, () => withFormerItem(store, operation, body, table));
      return turns.beside(table, () => store.send(operation, body, table));
    },
  };
}

interface Write {
  readonly folder: string;
  readonly table: string;
  readonly body: string;
  readonly done: Map<string, Done>;
  readonly now: number;
}

/** The clients' SDKs give every transaction a token: a repeated one whose answer was lost must not be done twice. */
function writeOnce(store: Store, turns: TableTurns, { folder, table, body, done, now }: Write): Promise<StoreAnswer> {
  const { ClientRequestToken: token, TransactItems } = JSON.parse(body) as { ClientRequestToken?: unknown; TransactItems: unknown };
  const hash = createHash('sha256').update(JSON.stringify(TransactItems)).digest('hex');
  const name = typeof token === 'string' ? `${table} ${token}` : undefined;
  const actions = actionsOf(body, ['Put', 'Update', 'Delete', 'ConditionCheck']);
  return turns.alone(table, async () => {
    for (const [old, { at }] of done) if (at < now - tokens.ms || done.size >= tokens.most) done.delete(old);
    const before = name === undefined ? undefined : done.get(name);
    if (before !== undefined && before.hash === hash) return { status: 200, body: Buffer.from('{}') };
    if (before !== undefined) return failure('IdempotentParameterMismatchException', 'The token was used for another transaction.');
    const answer = await writeAll(store, folder, table, actions);
    if (name !== undefined && answer.status === 200) done.set(name, { hash, at: now });
    return answer;
  });
}

async function writeAll(store: Store, folder: string, table: string, actions: readonly Action[]): Promise<StoreAnswer> {
  // One whose restoring failed.
  await takeBack(store, folder, table);
  const reads = actions.map(({ key }) => store.send('GetItem', JSON.stringify({ TableName: table, Key: key, ConsistentRead: true })));
  const answers = await Promise.all(reads);
  const refused = answers.find(({ status }) => status !== 200);
  if (refused !== undefined) return refused;
  const former = actions.map(({ key }, at): Former => ({ table, key, item: itemOf(answers[at]) }));
  const forget = keepFormer(folder, table, former);
  const reasons: Reason[] = [];
  const restore = async (these: readonly Former[]): Promise<void> => {
    await putBack(store, these);
    forget();
  };
  for (const [at, action] of actions.entries()) {
    const answer = await perform(store, action).catch(async (error: unknown) => {
      await restore(former);
      throw error;
    });
    const isCondition = answer.body.includes('ConditionalCheckFailedException');
    if (answer.status !== 200 && !isCondition) {
      await restore(former);
      return answer;
    }
    reasons.push(answer.status === 200 ? { Code: 'None' } : conditionFailed(action, former[at]?.item));
  }
  if (reasons.some(({ Code }) => Code !== 'None')) {
    await restore(former);
    return cancelled(reasons);
  }
  // What a check has left behind where there was nothing.
  await restore(former.filter(({ item }, at) => item === undefined && actions[at]?.kind === 'ConditionCheck'));
  return { status: 200, body: Buffer.from('{}') };
}

function itemOf(answer: StoreAnswer | undefined): Json | undefined {
  return answer === undefined ? undefined : (JSON.parse(answer.body.toString()) as { Item?: Json }).Item;
}

/** A check is an update that sets nothing. */
function perform(store: Store, { kind, request }: Action): Promise<StoreAnswer> {
  const { ReturnValuesOnConditionCheckFailure: _given, ...rest } = request;
  return store.send(kind === 'ConditionCheck' ? 'UpdateItem' : `${kind}Item`, JSON.stringify(rest));
}

async function readAll(store: Store, actions: readonly { readonly request: Json }[]): Promise<StoreAnswer> {
  const responses: Json[] = [];
  for (const { request } of actions) {
    const got = await store.send('GetItem', JSON.stringify({ ...request, ConsistentRead: true }));
    if (got.status !== 200) return got;
    responses.push(JSON.parse(got.body.toString()) as Json);
  }
  return { status: 200, body: Buffer.from(JSON.stringify({ Responses: responses })) };
}

/** The answer of a write on a condition, with the item that is there where the condition failed. */
async function withFormerItem(store: Store, operation: string, body: string, table: string): Promise<StoreAnswer> {
  const answer = await store.send(operation, body);
  if (answer.status === 200 || !answer.body.includes('ConditionalCheckFailedException')) return answer;
  const request = JSON.parse(body) as { Key?: Json; Item?: Json };
  const got = await store.send(
    'GetItem',
    JSON.stringify({ TableName: table, Key: request.Key ?? keyOf(request.Item), ConsistentRead: true }),
  );
  const told = { ...(JSON.parse(answer.body.toString()) as Json), Item: itemOf(got) };
  return { status: answer.status, body: Buffer.from(JSON.stringify(told)) };
}

function actionsOf(body: string, kinds: readonly string[]): Action[] {
  const { TransactItems: items } = JSON.parse(body) as { TransactItems: readonly Json[] };
  if (items.length === 0 || items.length > mostActions) throw invalid(`A transaction has 1 to ${mostActions} actions.`);
  const actions = items.map((item) => {
    const [[kind, request] = ['', undefined], ...others] = Object.entries(item);
    if (!kinds.includes(kind) || others.length > 0 || typeof request !== 'object')
      throw invalid(`Each of TransactItems is one of ${kinds.join(', ')}.`);
    const given = request as { readonly Key?: Json; readonly Item?: Json } & Json;
    return { kind: kind as Action['kind'], request: given, key: (kind === 'Put' ? keyOf(given.Item) : given.Key) ?? {} };
  });
  const distinct = new Set(actions.map(({ key }) => JSON.stringify(keyOf(key))));
  if (distinct.size < actions.length && !kinds.includes('Get'))
    throw invalid('Transaction request cannot include multiple operations on one item');
  return actions;
}

/** The key within an item; its members in one order, so that equal keys have equal text. */
function keyOf(item: Json | undefined): Json {
  return { pk: item?.['pk'], sk: item?.['sk'] };
}

function conditionFailed({ request }: Action, item: Json | undefined): Reason {
  const reason = { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' };
  return request['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD' && item !== undefined ? { ...reason, Item: item } : reason;
}

function cancelled(reasons: readonly Reason[]): StoreAnswer {
  const codes = reasons.map(({ Code }) => Code).join(', ');
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  return failure('TransactionCanceledException', message, { CancellationReasons: reasons });
}

function failure(name: string, message: string, more: Json = {}): StoreAnswer {
  const body = { __type: `com.amazonaws.dynamodb.v20120810#${name}`, Message: message, message, ...more };
  return { status: 400, body: Buffer.from(JSON.stringify(body)) };
}

function invalid(message: string): Refusal {
  return new Refusal('ValidationException', message);
}
