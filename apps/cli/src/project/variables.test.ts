import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { dotenvPlaces, findVariables } from './variables.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runlayer-env-'));
  await mkdir(join(folder, 'service'));
});

afterEach(() => rm(folder, { recursive: true }));

const find = (envFile?: string): ReturnType<typeof findVariables> =>
  findVariables({ envFile, configPath: join(folder, 'service/runlayer.yaml'), cwd: folder, env: { FROM: 'process', OTHER: 'process' } });

it('looks beside the configuration first, then in the working folder, once where they are the same [SUB-5]', () => {
  expect(dotenvPlaces({ envFile: undefined, configPath: '/p/s/runlayer.yaml', cwd: '/p' })).toEqual(['/p/s/.env', '/p/.env']);
  expect(dotenvPlaces({ envFile: undefined, configPath: '/p/runlayer.yaml', cwd: '/p' })).toEqual(['/p/.env']);
  expect(dotenvPlaces({ envFile: 'ci.env', configPath: '/p/s/runlayer.yaml', cwd: '/p' })).toEqual(['/p/ci.env']);
});

it('reads exactly one file, which wins over the environment [SUB-5]', async () => {
  await writeFile(join(folder, '.env'), 'FROM=working-folder\nOTHER=working-folder\n');
  await writeFile(join(folder, 'service/.env'), 'FROM=beside\n');
  const { variables, file } = await find();
  expect(variables('FROM')).toBe('beside');
  expect(variables('OTHER')).toBe('process');
  expect(file).toBe(join(folder, 'service/.env'));
});

it('takes the working folder where none is beside the configuration [SUB-5]', async () => {
  await writeFile(join(folder, '.env'), 'FROM=working-folder\n');
  expect((await find()).variables('FROM')).toBe('working-folder');
});

it('uses the environment alone where there is no file [SUB-5]', async () => {
  const { variables, file } = await find();
  expect(variables('FROM')).toBe('process');
  expect(file).toBeUndefined();
});

it('says that a named file is missing instead of taking another [SUB-5]', async () => {
  await writeFile(join(folder, '.env'), 'FROM=working-folder\n');
  await expect(find('ci.env')).rejects.toMatchObject({
    code: 'ERR_CLI_FILE_UNREADABLE',
    message: expect.stringContaining('ci.env') as string,
  });
});

it('refuses a file that is no text', async () => {
  await writeFile(join(folder, '.env'), Buffer.from([0xff, 0xfe, 0x41, 0x00]));
  await expect(find()).rejects.toMatchObject({ code: 'ERR_CLI_FILE_UNREADABLE' });
});
