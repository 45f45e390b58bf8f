import { expect, it } from 'vitest';
import { type PolicyDocument, policyText, samePolicy } from './policy-document.ts';

const document: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Sid: 'S', Effect: 'Allow', Action: ['a:X', 'a:Y'], Resource: ['arn:1'] }],
};

it.each([
  ['as it was given, percent-encoded', encodeURIComponent(policyText(document)), true],
  [
    'with other order of keys and lists',
    '{"Statement":{"Resource":"arn:1","Action":["a:Y","a:X"],"Effect":"Allow","Sid":"S"},"Version":"2012-10-17"}',
    true,
  ],
  ['with one action more', policyText(document).replace('"a:Y"', '"a:Y","a:Z"'), false],
  ['with another resource', policyText(document).replace('arn:1', 'arn:2'), false],
  ['text that is no JSON', 'nonsense', false],
  ['text that is not even encoded', '%', false],
  ['nothing', undefined, false],
])('compares a stored policy: %s', (_name, stored, same) => {
  expect(samePolicy(stored, document)).toBe(same);
});
