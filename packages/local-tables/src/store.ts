// The store behind the gateway: anything that speaks DynamoDB's protocol, on a socket of ours or at an address.
import { Agent, request as plainRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import type { AccessKey } from './access-keys.ts';
import { tablesError } from './error-codes.ts';
import { signedHeadersFor } from './signature.ts';

/** How long a store may take over one answer, milliseconds. */
const answerMs = 30_000;
/** DynamoDB answers with 16 MiB at most, some of which JSON and base64 make half as large again. */
const largestAnswer = 64 * 1024 ** 2;

/** Where a store is: a socket in the file system, or an origin. */
export type StoreAddress = { readonly socketPath: string } | { readonly origin: URL };

/** What the store said. */
export interface StoreAnswer {
  readonly status: number;
  readonly body: Buffer;
}

/** A DynamoDB-compatible store. */
export interface Store {
  /**
   * Sends a call, whatever the answer. Rejects with `ERR_TABLES_STORE` when there is none.
   *
   * @param table The one table whose items it is on; left out where it is on tables themselves.
   */
  send(operation: string, body: string, table?: string): Promise<StoreAnswer>;
  close(): void;
}

/** A client of a store. Its requests are signed, so that one which checks them can be used too. */
export function connectStore(address: StoreAddress, key: AccessKey, region: string): Store {
  const isTls = 'origin' in address && address.origin.protocol === 'https:';
  const agent = isTls ? new TlsAgent({ keepAlive: true }) : new Agent({ keepAlive: true });
  const place: RequestOptions =
    'origin' in address
      ? { hostname: address.origin.hostname.replaceAll(/^\[|\]$/g, ''), port: address.origin.port, path: '/' }
      : { socketPath: address.socketPath, path: '/' };
  const host = 'origin' in address ? address.origin.host : 'localhost';
  return {
    send: (operation, text) =>
      new Promise((resolve, reject) => {
        const body = Buffer.from(text);
        const headers = signedHeadersFor({ host, target: `DynamoDB_20120810.${operation}`, body }, key, region, new Date());
        const signal = AbortSignal.timeout(answerMs);
        const fail = (cause: unknown): void => reject(tablesError('ERR_TABLES_STORE', `The store did not answer ${operation}.`, { cause }));
        const options = { ...place, method: 'POST', agent, signal, headers: { ...headers, 'content-length': body.length } };
        const sent = (isTls ? tlsRequest : plainRequest)(options, (response) => void collect(response).then(resolve, fail));
        sent.once('error', fail);
        sent.end(body);
      }),
    close: () => agent.destroy(),
  };
}

async function collect(response: IncomingMessage): Promise<StoreAnswer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > largestAnswer) throw new Error(`the answer is longer than ${largestAnswer} bytes`);
    chunks.push(chunk);
  }
  return { status: response.statusCode ?? 500, body: Buffer.concat(chunks) };
}
