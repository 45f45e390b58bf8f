import { expect, it } from 'vitest';
import { engineFailure } from './engine-failure.ts';
import { pushFailure } from './push-failure.ts';
import { parseReference } from './reference.ts';
import type { Reference } from './reference.ts';

const name = parseReference('r.example/team/app:1') as Reference;

it.each([
  ['denied: requested access to the resource is denied', 'ERR_REGISTRY_DENIED'],
  ['unauthorized: authentication required', 'ERR_REGISTRY_DENIED'],
  ['no basic auth credentials', 'ERR_REGISTRY_DENIED'],
  ["name unknown: The repository with name 'app' does not exist in the registry with id '1'", 'ERR_REGISTRY_REPOSITORY_UNKNOWN'],
  ['Get "https://r.example/v2/": http: server gave HTTP response to HTTPS client', 'ERR_REGISTRY_INSECURE'],
  ['dial tcp 10.0.0.1:443: i/o timeout', 'ERR_REGISTRY_UNREACHABLE'],
  ['x509: certificate signed by unknown authority', 'ERR_REGISTRY_UNREACHABLE'],
  ['An image does not exist locally with the tag: r.example/team/app', 'ERR_IMAGE_NOT_FOUND'],
  ['write /var/lib/registry/x: no space left on device', 'ERR_IMAGE_NO_SPACE'],
  ['received unexpected HTTP status: 500 Internal Server Error', 'ERR_REGISTRY_PUSH_FAILED'],
])('explains a push that failed with "%s"', (words, code) => {
  expect(pushFailure(words, name)).toMatchObject({ code, message: expect.stringContaining('r.example') as string });
});

it.each<[string, object, string]>([
  ['no socket', { code: 'ENOENT', syscall: 'connect', address: '/x.sock' }, 'ERR_IMAGE_ENGINE_UNREACHABLE'],
  ['a socket that may not be used', { code: 'EACCES', syscall: 'connect' }, 'ERR_IMAGE_ENGINE_UNREACHABLE'],
  ['a lost connection', { code: 'ECONNRESET' }, 'ERR_IMAGE_ENGINE_UNREACHABLE'],
  [
    'a full disk',
    { statusCode: 500, message: '(HTTP code 500) server error - mkdir /var/lib/docker: no space left on device ' },
    'ERR_IMAGE_NO_SPACE',
  ],
  ['a refusal', { statusCode: 500, message: '(HTTP code 500) server error - odd ' }, 'ERR_IMAGE_ENGINE_REFUSED'],
])('explains %s', (_name, fault, code) => {
  expect(engineFailure(Object.assign(new Error(), fault), 'trying')).toMatchObject({ code });
});

it('calls everything that happens after a cancellation a cancellation', () => {
  expect(engineFailure(new Error('socket hang up'), 'trying', AbortSignal.abort())).toMatchObject({ code: 'ERR_IMAGE_CANCELLED' });
});
