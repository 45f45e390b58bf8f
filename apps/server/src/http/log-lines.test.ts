// Lines reach a file many at a time, in their order, whole, and without anybody waiting for them.
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { type LogLines, type LogLinesOptions, openLogLines } from './log-lines.ts';

const folder = mkdtempSync(join(tmpdir(), 'runlayer-lines-'));
const files: number[] = [];
afterAll(() => {
  files.forEach((file) => closeSync(file));
  rmSync(folder, { recursive: true });
});

/** Lines for a new file, and what is in it. */
function scratch(options?: LogLinesOptions): { lines: LogLines; read: () => string } {
  const path = join(folder, `${files.length}.log`);
  const file = openSync(path, 'w');
  files.push(file);
  return { lines: openLogLines(file, options), read: () => readFileSync(path, 'utf8') };
}

const numbered = (count: number): string[] => Array.from({ length: count }, (_, index) => `{"line":${index},"text":"ä研"}\n`);

describe('openLogLines', () => {
  it('writes nothing while a line is given, and all of it soon after', async () => {
    const { lines, read } = scratch({ batchMs: 20 });
    lines.write('a\n');
    lines.write('b\n');
    expect(read()).toBe('');
    await expect.poll(read).toBe('a\nb\n');
  });

  it('does not wait for more once a batch is full', async () => {
    const { lines, read } = scratch({ batchMs: 3_600_000, batchLength: 4 });
    lines.write('a\n');
    lines.write('b\n');
    lines.write('c\n');
    await expect.poll(read).toBe('a\nb\n');
    await lines.flush();
    expect(read()).toBe('a\nb\nc\n');
  });

  it('keeps the order of many lines', async () => {
    const { lines, read } = scratch({ batchLength: 1_000 });
    const all = numbered(20_000);
    for (const line of all) lines.write(line);
    await lines.flush();
    expect(read()).toBe(all.join(''));
  });

  it('writes what waits at once when asked to', () => {
    const { lines, read } = scratch();
    lines.write('a\n');
    lines.flushSync();
    expect(read()).toBe('a\n');
  });

  it('drops and counts what is too much, and says so in the log', async () => {
    const { lines, read } = scratch({ mostWaiting: 10 });
    for (const line of ['one\n', 'two\n', 'three\n', 'four\n']) lines.write(line);
    expect(lines.dropped).toBe(2);
    await lines.flush();
    const [one, two, told = ''] = read().split('\n');
    expect([one, two]).toEqual(['one', 'two']);
    expect(JSON.parse(told)).toMatchObject({ level: 'warn', lines: 2 });
    lines.write('x\n');
    await lines.flush();
    expect(read().endsWith('}\nx\n')).toBe(true);
  });

  it('goes on when the file cannot be written', async () => {
    const file = openSync('/dev/full', 'w');
    files.push(file);
    const lines = openLogLines(file);
    lines.write('a\n');
    lines.write('b\n');
    await lines.flush();
    expect(lines.dropped).toBe(2);
  });
});

describe('standard error', () => {
  const module = fileURLToPath(new URL('log-lines.ts', import.meta.url));
  const program = (rest: string) => [
    '--input-type=module',
    '-e',
    `import { standardErrorLines } from ${JSON.stringify(module)}; const lines = standardErrorLines(); ${rest}`,
  ];

  it.each([
    ['ends by itself', ''],
    ['exits', 'process.exit(0);'],
    ['crashes', 'throw new Error("crash");'],
  ])('has every line when a process %s', (_name, end) => {
    const { stderr } = spawnSync(process.execPath, program(`for (let n = 0; n < 100; n += 1) lines.write('line ' + n + '\\n'); ${end}`), {
      encoding: 'utf8',
    });
    expect(stderr.split('\n').filter((line) => line.startsWith('line '))).toHaveLength(100);
  });

  it('that nobody reads holds up nothing', async () => {
    const flood = `for (let n = 0; n < 30_000; n += 1) lines.write('x'.repeat(1_000) + '\\n');
      const begun = performance.now();
      setTimeout(() => { process.stdout.write(String(lines.dropped > 0 && performance.now() - begun < 5_000)); process.kill(process.pid, 'SIGKILL'); }, 200);`;
    const child = spawn(process.execPath, program(flood), { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await new Promise((resolve) => child.once('exit', resolve));
    child.stderr.destroy();
    await expect.poll(() => said).toBe('true');
  });
});
