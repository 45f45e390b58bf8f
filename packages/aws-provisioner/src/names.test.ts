import { expect, it } from 'vitest';
import { ecrPlaceOf, parseImageName } from './image/image-name.ts';
import { deploymentOf, namesOf } from './names.ts';
import { settingsFrom } from './options.ts';
import { isOwned, missingTags, tagsFrom, tagsOf } from './tags.ts';
import { changedBetween } from './observation/watch.ts';

const id = '6bb33f4a-3eea-4b5c-aa2b-b027daac437c';
const digest = `sha256:${'0'.repeat(64)}`;
const given = { region: 'us-east-1', cluster: 'c', vpc: 'v', subnets: ['s'], proxySecurityGroup: 'g' };

it('gives names within the limits of AWS, also with the longest environment', () => {
  const names = namesOf('production-1', id);
  expect(Math.max(names.taskRole.length, names.executionRole.length)).toBeLessThanOrEqual(64);
  expect(deploymentOf('production-1', names.family)).toBe(id);
  expect(deploymentOf('production', names.family)).toBeUndefined();
  expect(deploymentOf('default', 'runlayer-default-else')).toBeUndefined();
});

it.each([
  [{ environment: 'much-too-long-a-name' }],
  [{ environment: 'Upper' }],
  [{ account: '12' }],
  [{ subnets: [] }],
  [{ stopSeconds: 121 }],
  [{ pushRole: 'runlayer-default-push' }],
])('refuses the options %j', (wrong) => {
  expect(() => settingsFrom({ ...given, ...wrong })).toThrow(expect.objectContaining({ code: 'ERR_AWS_OPTIONS' }));
});

it('knows what belongs to a deployment by its tags', () => {
  const wanted = tagsOf('default', id);
  expect(isOwned({ ...wanted, other: '1' }, wanted)).toBe(true);
  expect(isOwned(tagsOf('other', id), wanted)).toBe(false);
  expect(isOwned({}, wanted)).toBe(false);
  expect(missingTags(tagsFrom([{ Key: 'managed-by', Value: 'runlayer' }]), wanted)).not.toHaveProperty('managed-by');
});

it.each([
  [`notes@${digest}`, undefined, 'notes', undefined, digest],
  [`127.0.0.1:4566/test/notes:1@${digest}`, '127.0.0.1:4566', 'test/notes', '1', digest],
  ['ghcr.io/acme/notes:1', 'ghcr.io', 'acme/notes', '1', undefined],
  ['[::1]:5000/notes', '[::1]:5000', 'notes', undefined, undefined],
  ['localhost/notes', 'localhost', 'notes', undefined, undefined],
  ['acme/notes', undefined, 'acme/notes', undefined, undefined],
])('takes the image name %s apart', (image, host, repository, tag, pinned) => {
  expect(parseImageName(image)).toEqual({ host, repository, tag, digest: pinned });
});

it.each([
  '',
  'Notes',
  'notes@sha256:1',
  'a//b',
  'http://a.example/b',
  'a.example/b?c=d',
  'user@a.example/b',
  'a.example/../b',
  'a'.repeat(513),
])('takes %s for no name of an image', (text) => {
  expect(parseImageName(text)).toBeUndefined();
});

it('knows which images are in ECR', () => {
  const context = { region: 'us-east-1', options: settingsFrom({ ...given, registryHost: 'localhost:5000' }) };
  expect(ecrPlaceOf(context, { host: '111122223333.dkr.ecr.eu-west-1.amazonaws.com' })).toEqual({
    account: '111122223333',
    region: 'eu-west-1',
  });
  expect(ecrPlaceOf(context, { host: 'localhost:5000' })).toEqual({ account: undefined, region: 'us-east-1' });
  expect(ecrPlaceOf(context, { host: 'ghcr.io' })).toBeUndefined();
});

it('tells which deployments came, went and moved', () => {
  const before = new Map([
    ['one', ['a', 'RUNNING 1'] as const],
    ['two', ['b', 'PENDING '] as const],
    ['three', ['c', 'RUNNING 3'] as const],
  ]);
  const after = new Map([
    ['two', ['b', 'RUNNING 2'] as const],
    ['three', ['c', 'RUNNING 3'] as const],
    ['four', ['d', 'PENDING '] as const],
  ]);
  expect([...changedBetween(before, after)].sort()).toEqual(['a', 'b', 'd']);
});
