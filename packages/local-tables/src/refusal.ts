// What the gateway says in place of the store, in the shape every DynamoDB client reads.
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { crc32 } from 'node:zlib';

const services = {
  AccessDeniedException: 'com.amazon.coral.service',
  IncompleteSignatureException: 'com.amazon.coral.service',
  InternalServerError: 'com.amazonaws.dynamodb.v20120810',
  InvalidSignatureException: 'com.amazon.coral.service',
  MissingAuthenticationTokenException: 'com.amazon.coral.service',
  RequestEntityTooLargeException: 'com.amazon.coral.service',
  SerializationException: 'com.amazon.coral.service',
  ThrottlingException: 'com.amazon.coral.availability',
  UnknownOperationException: 'com.amazon.coral.service',
  UnrecognizedClientException: 'com.amazon.coral.service',
  ValidationException: 'com.amazon.coral.validate',
} as const;

const statuses: Partial<Record<RefusalName, number>> = { InternalServerError: 500, RequestEntityTooLargeException: 413 };

/** Names of DynamoDB's errors that the gateway gives. */
export type RefusalName = keyof typeof services;

/** Ends the handling of a request with an error of DynamoDB's. The message is told to the caller: it holds none of the caller's values. */
export class Refusal extends Error {
  override readonly name: RefusalName;

  constructor(name: RefusalName, message: string) {
    super(message);
    this.name = name;
  }
}

/** Answers with an error. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
export function answerRefusal(response: ServerResponse, { name, message }: Refusal): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  // Clients read the one or the other, by their age.
  const body = JSON.stringify({ __type: `${services[name]}#${name}`, message, Message: message });
  answerJson(response, statuses[name] ?? 400, body);
}

/** Answers with a body of JSON, with the checksum that some clients look for. */
export function answerJson(response: ServerResponse, status: number, body: string | Buffer): void {
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': Buffer.byteLength(body),
    'x-amz-crc32': crc32(body),
    'x-amzn-requestid': randomUUID(),
  });
  response.end(body);
}
