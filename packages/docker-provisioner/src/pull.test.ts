import { expect, it } from 'vitest';
import { redactionOf } from '@runlayer/provisioner/driver';
import { engineFailure, reasonOf } from './engine-error.ts';
import { isPullable } from './image.ts';
import { pullFailure, registryOf } from './pull.ts';

const digest = `sha256:${'a'.repeat(64)}`;

it.each([
  ['nginx', 'docker.io', true],
  ['library/nginx:1', 'docker.io', true],
  ['ghcr.io/me/app:1', 'ghcr.io', true],
  [`127.0.0.1:5000/app@${digest}`, '127.0.0.1:5000', true],
  ['localhost/app', 'localhost', true],
  [digest, 'docker.io', false],
  ['a'.repeat(64), 'docker.io', false],
  ['runlayer-local:3f2b', 'docker.io', false],
])('%s: registry %s, can be pulled: %s', (reference, registry, pullable) => {
  expect(isPullable(reference)).toBe(pullable);
  if (pullable) expect(registryOf(reference)).toBe(registry);
});

it.each([
  ['pull access denied for x, repository does not exist or may require docker login', 'registry_auth'],
  ['unauthorized: authentication required', 'registry_auth'],
  ['manifest unknown: manifest unknown', 'image_missing'],
  ['dial tcp 127.0.0.1:1: connect: connection refused', 'image_missing'],
  ['write /var/lib/docker/tmp/x: no space left on device', 'no_capacity'],
])('names the refusal "%s" %s [PLAT-4]', (reason, code) => {
  expect(pullFailure('ghcr.io/me/app', reason)).toMatchObject({ code, message: expect.stringContaining('ghcr.io/me/app') });
});

it.each([
  ['OCI runtime create failed: exec: "app": executable file not found in $PATH: unknown', 'exited_at_start'],
  ['standard_init_linux.go: exec user process caused: exec format error', 'wrong_architecture'],
  ['No command specified', 'exited_at_start'],
  ['mkdir /var/lib/docker/x: no space left on device', 'no_capacity'],
  ['driver failed programming external connectivity', 'engine_error'],
])('names the error "%s" %s [PLAT-4]', (message, code) => {
  expect(engineFailure(Object.assign(new Error('x'), { json: { message } }), 'start the container', (text) => text).code).toBe(code);
});

it('shows no secret that the engine repeats [SEC-1]', () => {
  const failure = engineFailure(
    new Error('(HTTP code 400) bad parameter - invalid variable hunter2-hunter2'),
    'create the container',
    redactionOf({ P: 'hunter2-hunter2' }),
  );
  expect(failure.message).toBe('The Docker engine could not create the container: invalid variable ***.');
  expect(reasonOf('text')).toBe('text');
});
