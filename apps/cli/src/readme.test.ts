import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { exitCodes } from './exit-code.ts';
import { createSandbox, type Sandbox } from './testing/run-command.ts';

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
const commands = readme.match(/^runlayer .*$/gm) ?? [];
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await createSandbox();
});

afterAll(() => sandbox.remove());

it.each(commands)('the command of the README exists: %s [CLI-1]', async (line) => {
  const words = line.split(' ').slice(1);
  const options = words.filter((word) => word.startsWith('--'));
  const command = words.slice(
    0,
    words.findIndex((word) => word.startsWith('--')) === -1 ? undefined : words.findIndex((word) => word.startsWith('--')),
  );
  const { code, stdout } = await sandbox.run([...command, '--help']);
  expect(code).toBe(0);
  for (const option of options) expect(stdout).toContain(option);
});

it('the README lists every exit code [CLI-3]', () => {
  const listed = [...readme.matchAll(/^\| (\d+) \|/gm)].map((match) => Number(match[1]));
  expect(listed).toEqual(Object.values(exitCodes));
});
