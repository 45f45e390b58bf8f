import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { userCredentials } from './docker-credentials.ts';

let folder: string;
const path = process.env['PATH'] ?? '';
const auth = (text: string): { auth: string } => ({ auth: Buffer.from(text).toString('base64') });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runlayer-config-'));
  process.env['PATH'] = `${folder}${delimiter}${path}`;
});

afterEach(async () => {
  process.env['PATH'] = path;
  await rm(folder, { recursive: true });
});

async function configure(config: unknown): Promise<void> {
  await writeFile(join(folder, 'config.json'), typeof config === 'string' ? config : JSON.stringify(config));
}

it.each([
  ['r.example', { 'r.example': auth('me:pa:ss') }, 'me pa:ss'],
  ['r.example', { 'https://r.example/v2/': auth('me:x') }, 'me x'],
  ['docker.io', { 'https://index.docker.io/v1/': auth('me:x') }, 'me x'],
  ['r.example', { 'r.example': { username: 'me', password: 'y' } }, 'me y'],
  ['r.example', { 'other.example': auth('me:x') }, undefined],
  ['r.example', { 'r.example.evil': auth('me:x') }, undefined],
  ['r.example', { 'r.example': {} }, undefined],
  ['r.example', { 'r.example': null }, undefined],
])('finds the credentials of %s in %j', async (registry, auths, expected) => {
  await configure({ auths });
  const found = await userCredentials(registry, folder);
  expect(found && `${found.username} ${found.password}`).toBe(expected);
});

it.each([
  ['no file', undefined],
  ['broken JSON', '{'],
  ['a list', '[]'],
  ['null', 'null'],
])('finds none with %s', async (_name, text) => {
  if (text !== undefined) await configure(text);
  expect(await userCredentials('r.example', folder)).toBeUndefined();
});

it('asks the helper that is set for the registry, and tells it only the registry', async () => {
  const script = `#!/bin/sh\nread name\n[ "$1 $name" = "get r.example" ] && echo '{"Username":"me","Secret":"s3"}'\n`;
  await writeFile(join(folder, 'docker-credential-test'), script, { mode: 0o755 });
  await configure({ credHelpers: { 'r.example': 'test' }, auths: { 'r.example': auth('other:x') } });
  expect(await userCredentials('r.example', folder)).toEqual({ username: 'me', password: 's3', serveraddress: 'r.example' });
});

it.each(['missing-helper', '../../bin/sh', 'a b'])('finds none with the helper %s', async (helper) => {
  await configure({ credsStore: helper });
  expect(await userCredentials('r.example', folder)).toBeUndefined();
});
