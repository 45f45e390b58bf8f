import { expect, it } from 'vitest';
import { chooseEngine } from './choose-engine.ts';
import type { Facts } from './facts.ts';

const bare: Facts = {
  probe: { host: undefined },
  dockerHost: undefined,
  dockerd: undefined,
  system: 'linux',
  root: true,
  debian: true,
  ci: false,
  terminal: false,
  optional: false,
};
const dockerd = '/usr/sbin/dockerd';

it.each<[string, Partial<Facts>, object]>([
  [
    'uses the engine that runs, even with another one to start',
    { probe: { host: 'unix:///x' }, dockerd },
    { kind: 'use', host: 'unix:///x' },
  ],
  ['starts the installed engine as root', { dockerd }, { kind: 'start', dockerd }],
  ['starts the installed engine when Docker is optional too', { dockerd, optional: true }, { kind: 'start', dockerd }],
  ['asks on a terminal before it installs', { terminal: true }, { kind: 'install', ask: true }],
  ['installs without a question where nobody can answer', {}, { kind: 'install', ask: false }],
  ['never asks in CI', { terminal: true, ci: true }, { kind: 'install', ask: false }],
  ['installs nothing on a laptop when Docker is optional', { optional: true }, { kind: 'none' }],
  ['installs in CI even when Docker is optional', { optional: true, ci: true }, { kind: 'install', ask: false }],
  ['starts nothing when DOCKER_HOST names an engine that is down', { dockerHost: 'tcp://x:1', dockerd }, { kind: 'none' }],
  ['starts nothing without root', { root: false, dockerd }, { kind: 'none' }],
  ['installs nothing without root', { root: false }, { kind: 'none' }],
  ['installs nothing where there is no apt', { debian: false }, { kind: 'none' }],
  ['installs nothing on a Mac', { system: 'darwin', root: false, debian: false }, { kind: 'none' }],
])('%s', (_sentence, facts, choice) => {
  expect(chooseEngine({ ...bare, ...facts })).toMatchObject(choice);
});

it.each<[Partial<Facts>, RegExp]>([
  [{ dockerHost: 'tcp://x:1' }, /DOCKER_HOST=tcp:\/\/x:1/],
  [{ probe: { host: undefined, forbidden: '/var/run/docker.sock' }, root: false }, /usermod -aG docker/],
  [{ root: false, dockerd }, /sudo systemctl start docker/],
  [{ root: false }, /sudo apt-get install docker\.io/],
  [{ root: false, debian: false }, /docs\.docker\.com\/engine\/install/],
  [{ system: 'darwin', root: false }, /Docker Desktop/],
  [{ optional: true }, /apt-get install docker\.io/],
])('says in one line what to do about %j', (facts, sentence) => {
  const choice = chooseEngine({ ...bare, ...facts });
  expect(choice).toMatchObject({ kind: 'none', sentence: expect.stringMatching(sentence) as string });
  expect(JSON.stringify(choice)).not.toContain('\\n');
});
