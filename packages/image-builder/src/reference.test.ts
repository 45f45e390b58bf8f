import { expect, it } from 'vitest';
import { isImageId, parseReference } from './reference.ts';

const digest = `sha256:${'a'.repeat(64)}`;

it.each([
  ['node', 'docker.io', 'node', undefined, undefined],
  ['team/app:1.2', 'docker.io', 'team/app', '1.2', undefined],
  ['ghcr.io/team/app', 'ghcr.io', 'ghcr.io/team/app', undefined, undefined],
  ['127.0.0.1:5000/app:x', '127.0.0.1:5000', '127.0.0.1:5000/app', 'x', undefined],
  ['[::1]:5000/app', '[::1]:5000', '[::1]:5000/app', undefined, undefined],
  ['localhost/app', 'localhost', 'localhost/app', undefined, undefined],
  [`r.example/a/b:t@${digest}`, 'r.example', 'r.example/a/b', 't', digest],
])('takes %s apart', (text, registry, repository, tag, sum) => {
  expect(parseReference(text)).toEqual({ registry, repository, tag, digest: sum });
});

it.each(['', 'Node', 'a//b', 'a:', 'a@sha256:1', '../x', 'a b', 'https://a/b', `a${'/b'.repeat(300)}`])(
  'knows that %j is no image name',
  (text) => {
    expect(parseReference(text)).toBeUndefined();
  },
);

it('tells an id from a name', () => {
  expect([digest, 'a'.repeat(64), 'aaaa', `x@${digest}`].map(isImageId)).toEqual([true, true, false, false]);
});
