// The door to the store: whoever signs with a deployment's key gets at the items of that deployment's table, and at nothing else.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { callOf, type OwnTable } from './call.ts';
import { checkSignature, claimOf } from './caller.ts';
import { limitConnections } from './connections.ts';
import { createIntake, type Intake } from './intake.ts';
import { answerJson, answerRefusal, Refusal } from './refusal.ts';
import type { Store, StoreAnswer } from './store.ts';
import { expiryAttribute } from './table.ts';

/** What a gateway stands on. */
export interface GatewayParts {
  readonly store: Store;
  readonly secret: Uint8Array;
  readonly region: string;
  /** The table of a deployment. */
  readonly ownTable: (deploymentId: string) => OwnTable;
  readonly now: () => Date;
}

/** How long a connection may take to send a request or lie idle, milliseconds. */
const connections = { headersMs: 10_000, requestMs: 60_000, idleMs: 60_000, checkMs: 5000 };

/** A server that has yet to listen. */
export function createGateway(parts: GatewayParts): Server {
  const intake = createIntake();
  const server = createServer(
    {
      headersTimeout: connections.headersMs,
      requestTimeout: connections.requestMs,
      keepAliveTimeout: connections.idleMs,
      connectionsCheckingInterval: connections.checkMs,
    },
    (request, response) => void answer(parts, intake, request, response),
  );
  limitConnections(server);
  return server;
}

async function answer(parts: GatewayParts, intake: Intake, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.on('error', () => {});
  try {
    const { status, body } = await ask(parts, intake, request);
    answerJson(response, status, body);
  } catch (error) {
    // What is left of a body that was not read cannot be told from the next request.
    if (!request.complete && !response.headersSent) response.setHeader('connection', 'close');
    const refusal =
      error instanceof Refusal ? error : new Refusal('InternalServerError', 'The store did not answer. Try again in a moment.');
    answerRefusal(response, refusal);
  }
}

async function ask({ store, secret, region, ownTable, now }: GatewayParts, intake: Intake, request: IncomingMessage): Promise<StoreAnswer> {
  if (request.method !== 'POST' || request.url !== '/')
    throw new Refusal('UnknownOperationException', 'DynamoDB takes POST / only, with its operation in X-Amz-Target.');
  const headers = request.headersDistinct;
  const claim = claimOf(headers, { region, now: now() });
  return intake.take(request, async (body) => {
    const own = ownTable(claim.deploymentId);
    checkSignature(claim, { headers, body }, secret);
    const { operation, body: checked } = callOf(headers['x-amz-target']?.[0] ?? '', body, own);
    const said = await store.send(operation, checked, own.name);
    if (said.status === 400 && said.body.includes('UnknownOperationException')) throw lacking(operation);
    return operation === 'DescribeTimeToLive' && said.status === 200 ? expiryDescription : said;
  });
}

function lacking(operation: string): Refusal {
  return new Refusal('UnknownOperationException', `The store of this platform has no ${operation}.`);
}

/** Whoever removes expired items, they are removed: a store that leaves it to us does not know. */
const expiryDescription: StoreAnswer = {
  status: 200,
  body: Buffer.from(JSON.stringify({ TimeToLiveDescription: { AttributeName: expiryAttribute, TimeToLiveStatus: 'ENABLED' } })),
};
