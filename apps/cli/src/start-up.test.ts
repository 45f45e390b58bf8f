// Start-up time is felt at each call: what the cheap calls load is counted.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const bin = join(import.meta.dirname, '../bin/runlayer.js');

function loadedBy(args: readonly string[]): string[] {
  const program = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context); } });
    process.on('exit', () => process.stderr.write(loaded.join('\\n')));
    process.argv = [process.execPath, ${JSON.stringify(bin)}, ...${JSON.stringify(args)}];
    await import(${JSON.stringify(bin)});`;
  const shell = `exec "$0" --input-type=module -e "$1" 2>&1 >/dev/null`;
  return execFileSync('/bin/sh', ['-c', shell, process.execPath, program], { encoding: 'utf8' }).split('\n');
}

it('--version loads two files of ours and nothing of others', () => {
  expect(loadedBy(['--version']).filter((url) => url.startsWith('file:') && !url.endsWith('runlayer.js'))).toHaveLength(2);
});

it.each([['deploy', '--help'], ['deploy', 'destroy', '--help'], ['doctor', 'aws', '--help'], ['--help']])(
  '%s %s loads the parser and no library of a command',
  (...args) => {
    const loaded = loadedBy(args);
    expect(loaded.some((url) => url.includes('/clipanion/'))).toBe(true);
    expect(loaded.filter((url) => /\/(yaml|@clack|dockerode|openapi-fetch|@aws-sdk)\/|\/packages\//.test(url))).toEqual([]);
  },
);
