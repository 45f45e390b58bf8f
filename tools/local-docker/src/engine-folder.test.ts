import { expect, it } from 'vitest';
import { mountsBelow } from './engine-folder.ts';
import { isEngineProgram, processIsAlive } from './processes.ts';

it('names the mounts below a folder, innermost first, and nothing beside it', () => {
  const table = [
    '22 1 8:1 / / rw - ext4 d rw',
    '30 22 0:1 / /t/a rw - x x rw',
    '31 30 0:2 / /t/a/b\\040c rw - x x rw',
    '32 22 0:3 / /t/ab rw - x x rw',
    '33 30 0:4 / /t/a/d rw - x x rw',
  ];
  expect(mountsBelow(table.join('\n'), '/t/a')).toEqual(['/t/a/d', '/t/a/b c']);
});

it.each([
  ['/usr/sbin/dockerd\0--data-root=/t/a/data', true],
  ['/usr/bin/containerd-shim-runc-v2\0-address\0/t/a/exec/containerd.sock', true],
  ['/usr/sbin/dockerd\0--data-root=/t/other', false],
  ['vim\0/t/a/dockerd.log', false],
  ['', false],
])('tells an engine of ours by its command line %j', (command, expected) => {
  expect(isEngineProgram(command, '/t/a')).toBe(expected);
});

it.each([
  [process.pid, true],
  [2 ** 30, false],
  [0, false],
  [Number.NaN, false],
])('tells whether process %d lives', (pid, expected) => {
  expect(processIsAlive(pid)).toBe(expected);
});
