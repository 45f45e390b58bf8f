// What nobody with a key sends: requests forged in every part, against a gateway that listens.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Deployment, openScene, type RawAnswer, type Scene } from '../fixtures/scene.ts';
import { sha256, signatureOf, signedHeadersFor } from './signature.ts';

let scene: Scene;
let own: Deployment;
let other: Deployment;
let body: Buffer;
beforeAll(async () => {
  scene = await openScene();
  [own, other] = [await scene.deployment(), await scene.deployment()];
  body = Buffer.from(JSON.stringify({ TableName: own.table, Key: { pk: { S: 'a' }, sk: { S: 'b' } } }));
});
afterAll(() => scene.close());

const target = 'DynamoDB_20120810.GetItem';
const host = 'gateway.test:1';
type Headers = Record<string, string | string[]>;

const signed = (changes: { key?: Deployment['key']; region?: string; at?: Date } = {}): Record<string, string> =>
  signedHeadersFor({ host, target, body }, changes.key ?? own.key, changes.region ?? 'us-east-1', changes.at ?? new Date());

/** Signs with the right secret, over headers as they are given. */
function resigned(headers: Headers, names: readonly string[]): Headers {
  const amzDate = String(headers['x-amz-date'] ?? '20260101T000000Z');
  const scope = { date: amzDate.slice(0, 8), region: 'us-east-1', service: 'dynamodb' };
  const distinct = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value : [value]]));
  const signature = signatureOf({ headers: distinct, body }, names, amzDate, scope, own.key.secretAccessKey);
  const credential = `${own.key.accessKeyId}/${scope.date}/us-east-1/dynamodb/aws4_request`;
  return { ...headers, authorization: `AWS4-HMAC-SHA256 Credential=${credential},SignedHeaders=${names.join(';')},Signature=${signature}` };
}

const authorization = (from: string | RegExp, to: string): Headers => {
  const headers = signed();
  return { ...headers, authorization: headers['authorization']!.replace(from, to) };
};

it('lets in who signed with the key of the deployment', async () => {
  expect(await scene.send(signed(), body)).toMatchObject({ status: 200, text: '{}' });
});

describe('refuses', () => {
  it.each<[string, string, () => Promise<RawAnswer>]>([
    ['no signature', 'MissingAuthenticationTokenException', () => scene.send({ 'x-amz-target': target }, body)],
    ['a wrong secret', 'InvalidSignatureException', () => scene.send(signed({ key: { ...own.key, secretAccessKey: 'guessed' } }), body)],
    [
      "the secret of another deployment under one's own id",
      'InvalidSignatureException',
      () => scene.send(signed({ key: { ...own.key, secretAccessKey: other.key.secretAccessKey } }), body),
    ],
    ["another deployment's key on one's own table", 'AccessDeniedException', () => scene.send(signed({ key: other.key }), body)],
    [
      'an unknown key',
      'UnrecognizedClientException',
      () => scene.send(signed({ key: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x' } }), body),
    ],
    ['a session token', 'UnrecognizedClientException', () => scene.send({ ...signed(), 'x-amz-security-token': 'stolen' }, body)],
    ['a tampered body', 'InvalidSignatureException', () => scene.send(signed(), body.toString().replace('"a"', '"b"'))],
    [
      'a body after a signature of none',
      'InvalidSignatureException',
      () => scene.send(signedHeadersFor({ host, target, body: Buffer.alloc(0) }, own.key, 'us-east-1', new Date()), body),
    ],
    [
      'another operation than the signed one',
      'InvalidSignatureException',
      () => scene.send({ ...signed(), 'x-amz-target': 'DynamoDB_20120810.DeleteItem' }, body),
    ],
    ['another host than the signed one', 'InvalidSignatureException', () => scene.send({ ...signed(), host: 'elsewhere' }, body)],
    ['a date that is too old', 'InvalidSignatureException', () => scene.send(signed({ at: new Date(Date.now() - 301_000) }), body)],
    ['a date that is too far ahead', 'InvalidSignatureException', () => scene.send(signed({ at: new Date(Date.now() + 302_000) }), body)],
    [
      'another date than the signed one',
      'InvalidSignatureException',
      () => scene.send({ ...signed(), 'x-amz-date': signed({ at: new Date(Date.now() - 60_000) })['x-amz-date']! }, body),
    ],
    ['a date that is none', 'IncompleteSignatureException', () => scene.send({ ...signed(), 'x-amz-date': '20261399T000000Z' }, body)],
    [
      'no date',
      'IncompleteSignatureException',
      () => {
        const { 'x-amz-date': _date, ...rest } = signed();
        return scene.send(rest, body);
      },
    ],
    ['another region', 'InvalidSignatureException', () => scene.send(signed({ region: 'eu-west-1' }), body)],
    ['another service', 'InvalidSignatureException', () => scene.send(authorization('/dynamodb/', '/s3/'), body)],
    ['another terminator', 'InvalidSignatureException', () => scene.send(authorization('aws4_request', 'aws4_other'), body)],
    ['a scope of another day', 'InvalidSignatureException', () => scene.send(authorization(/\/\d{8}\//, '/20200101/'), body)],
    [
      'another algorithm',
      'IncompleteSignatureException',
      () => scene.send(authorization('AWS4-HMAC-SHA256', 'AWS4-ECDSA-P256-SHA256'), body),
    ],
    ['a scope too short', 'IncompleteSignatureException', () => scene.send(authorization('/aws4_request', ''), body)],
    ['a signature given twice', 'IncompleteSignatureException', () => scene.send(authorization(/$/, ', Signature=00'), body)],
    ['no signed headers', 'IncompleteSignatureException', () => scene.send(authorization(/SignedHeaders=\S+ /, ''), body)],
    [
      'signed headers out of order',
      'IncompleteSignatureException',
      () => scene.send(authorization('content-type;host', 'host;content-type'), body),
    ],
    ['an unsigned target', 'InvalidSignatureException', () => scene.send(resigned(signed(), ['content-type', 'host', 'x-amz-date']), body)],
    ['an unsigned date', 'InvalidSignatureException', () => scene.send(resigned(signed(), ['content-type', 'host', 'x-amz-target']), body)],
    [
      'an unsigned host',
      'InvalidSignatureException',
      () => scene.send(resigned(signed(), ['content-type', 'x-amz-date', 'x-amz-target']), body),
    ],
    [
      'a target sent twice',
      'InvalidSignatureException',
      () =>
        scene.send(
          resigned({ ...signed(), 'x-amz-target': [target, 'DynamoDB_20120810.PutItem'] }, ['host', 'x-amz-date', 'x-amz-target']),
          body,
        ),
    ],
    [
      'an unsigned payload',
      'InvalidSignatureException',
      () =>
        scene.send(
          resigned({ ...signed(), 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }, [
            'host',
            'x-amz-content-sha256',
            'x-amz-date',
            'x-amz-target',
          ]),
          body,
        ),
    ],
    [
      'a streamed payload',
      'InvalidSignatureException',
      () =>
        scene.send(
          resigned({ ...signed(), 'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' }, [
            'host',
            'x-amz-content-sha256',
            'x-amz-date',
            'x-amz-target',
          ]),
          body,
        ),
    ],
    [
      'a signature in the query',
      'UnknownOperationException',
      () => scene.send({ 'x-amz-target': target }, body, '/?X-Amz-Algorithm=AWS4-HMAC-SHA256'),
    ],
    ['another path', 'UnknownOperationException', () => scene.send(signed(), body, '/x')],
    ['another method', 'UnknownOperationException', () => scene.send(signed(), body, '/', 'PUT')],
  ])('%s [CFG-6]', async (_name, error, request) => {
    const answer = await request();
    expect(answer).toMatchObject({ status: 400, error });
    // Neither a secret nor the signature that would have been right.
    expect(answer.text).not.toContain(own.key.secretAccessKey);
    expect(answer.text).not.toMatch(/[0-9a-f]{64}/);
  });

  it('nothing where the payload is declared with its right hash, and headers came in any case', async () => {
    const names = ['host', 'x-amz-content-sha256', 'x-amz-date', 'x-amz-target'];
    const { authorization: right, ...headers } = resigned({ ...signed(), 'x-amz-content-sha256': sha256(body) }, names);
    expect(await scene.send({ ...headers, AUTHORIZATION: right! }, body)).toMatchObject({ status: 200 });
  });

  it('a body of more than 16 MiB, declared or not', async () => {
    const large = Buffer.alloc(16 * 1024 ** 2 + 1, 32);
    const headers = signedHeadersFor({ host, target, body: large }, own.key, 'us-east-1', new Date());
    const outcome = scene.send({ ...headers, 'content-length': String(large.length) }, large);
    // Who goes on sending may see the connection close before the answer.
    await expect(
      outcome.then(
        ({ status }) => status,
        () => 413,
      ),
    ).resolves.toBe(413);
    await expect(
      scene.send({ ...headers, 'transfer-encoding': 'chunked' }, large).then(
        ({ status }) => status,
        () => 413,
      ),
    ).resolves.toBe(413);
  });
});
