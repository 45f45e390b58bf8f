import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { backUp, backupName } from './backup.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runlayer-backup-'));
});

afterEach(() => rm(folder, { recursive: true }));

const moment = new Date(2026, 0, 2, 3, 4, 5);

it('is named for the local moment [CLI-5]', () => {
  expect(backupName('runlayer.yaml', moment, 1)).toBe('runlayer.yaml.backup.2026-01-02-030405');
});

it('never replaces an earlier one of the same second [CLI-5]', async () => {
  const file = join(folder, 'runlayer.yaml');
  await writeFile(file, 'first');
  const first = await backUp(file, moment);
  await writeFile(file, 'second');
  const second = await backUp(file, moment);
  expect([await readFile(first, 'utf8'), await readFile(second, 'utf8')]).toEqual(['first', 'second']);
  expect(second).toBe(`${first}-2`);
});
