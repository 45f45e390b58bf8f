// AWS Signature Version 4 of a request to `POST /`: made, and checked. All that it signs is plain data here.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { AccessKey } from './access-keys.ts';

/** The signed parts of a request. Header names in lower case; a header sent twice has two values. */
export interface SignedRequest {
  readonly headers: Readonly<Record<string, readonly string[] | undefined>>;
  readonly body: Uint8Array;
}

/** What a signature is bound to. */
export interface Scope {
  /** `YYYYMMDD`. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

/**
 * The signature in hex. DynamoDB has one path and no query, so the canonical request needs neither encoding nor sorting of them.
 * A library would hide those rules, and every one that signs adds headers of its own; what was signed has to be taken as it came.
 *
 * @param signedHeaders Names in the order they were signed.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signatureOf(
  { headers, body }: SignedRequest,
  signedHeaders: readonly string[],
  amzDate: string,
  { date, region, service }: Scope,
  secretAccessKey: string,
): string {
  const lines = signedHeaders.map((name) => `${name}:${(headers[name] ?? []).map(canonicalValue).join(',')}\n`);
  const canonical = ['POST', '/', '', lines.join(''), signedHeaders.join(';'), sha256(body)].join('\n');
  const text = ['AWS4-HMAC-SHA256', amzDate, `${date}/${region}/${service}/aws4_request`, sha256(canonical)].join('\n');
  const steps = [date, region, service, 'aws4_request', text];
  return steps.reduce<Buffer>((key, step) => hmac(key, step), Buffer.from(`AWS4${secretAccessKey}`)).toString('hex');
}

/** Headers that sign a body for a store, the signature included. */
export function signedHeadersFor(
  request: { readonly host: string; readonly target: string; readonly body: Uint8Array },
  { accessKeyId, secretAccessKey }: AccessKey,
  region: string,
  now: Date,
): Record<string, string> {
  const amzDate = now.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const scope = { date: amzDate.slice(0, 8), region, service: 'dynamodb' };
  const plain = { 'content-type': 'application/x-amz-json-1.0', host: request.host, 'x-amz-date': amzDate, 'x-amz-target': request.target };
  const names = Object.keys(plain);
  const headers = Object.fromEntries(Object.entries(plain).map(([name, value]) => [name, [value]]));
  const signature = signatureOf({ headers, body: request.body }, names, amzDate, scope, secretAccessKey);
  const credential = `${accessKeyId}/${scope.date}/${region}/dynamodb/aws4_request`;
  return { ...plain, authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names.join(';')}, Signature=${signature}` };
}

/** Whether two signatures are the same, in a time that does not tell how much of them is. */
export function isSameSignature(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** SHA-256 in hex. */
export function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function canonicalValue(value: string): string {
  return value.trim().replaceAll(/ +/g, ' ');
}
