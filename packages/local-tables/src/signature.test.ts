import { describe, expect, it } from 'vitest';
import { isSameSignature, signatureOf, signedHeadersFor } from './signature.ts';

const scope = { date: '20150830', region: 'us-east-1', service: 'service' };
const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const host = ['example.amazonaws.com'];
const date = ['20150830T123600Z'];

describe('a signature', () => {
  // The cases of AWS' own suite that POST to / without a query.
  it.each([
    ['post-vanilla', {}, '', '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
    ['post-header-key-sort', { 'my-header1': ['value1'] }, '', 'c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c'],
    ['post-header-value-case', { 'my-header1': ['VALUE1'] }, '', 'cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d'],
    [
      'post-x-www-form-urlencoded',
      { 'content-type': ['application/x-www-form-urlencoded'] },
      'Param1=value1',
      'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
    ],
  ])('is that of the AWS suite: %s', (_name, more, body, expected) => {
    const headers = { host, 'x-amz-date': date, ...more };
    const names = Object.keys(headers).sort();
    expect(signatureOf({ headers, body: Buffer.from(body) }, names, '20150830T123600Z', scope, secret)).toBe(expected);
  });

  it('counts runs of spaces as one, and joins a header that was sent twice', () => {
    const sign = (values: string[]): string =>
      signatureOf({ headers: { host, x: values }, body: Buffer.alloc(0) }, ['host', 'x'], '20150830T123600Z', scope, secret);
    expect(sign(['  a   b '])).toBe(sign(['a b']));
    expect(sign(['a', 'b'])).toBe(sign(['a,b']));
    expect(sign(['a', 'b'])).not.toBe(sign(['b', 'a']));
  });
});

it('signs for a store without telling it the secret', () => {
  const key = { accessKeyId: 'ID', secretAccessKey: secret };
  const headers = signedHeadersFor(
    { host: 'h', target: 't', body: Buffer.from('{}') },
    key,
    'us-east-1',
    new Date('2026-01-02T03:04:05.678Z'),
  );
  expect(headers['x-amz-date']).toBe('20260102T030405Z');
  expect(JSON.stringify(headers)).not.toContain(secret);
});

it.each([
  ['aa', 'aa', true],
  ['aa', 'ab', false],
  ['aa', 'aaa', false],
  ['', '', true],
])('compares %j with %j', (one, other, same) => {
  expect(isSameSignature(one, other)).toBe(same);
});
