import { expect, it } from 'vitest';
import { parseLdd } from './stand-in.ts';

it.each([
  [
    'glibc',
    '\tlinux-vdso.so.1 (0x00007ffc)\n\tlibdl.so.2 => /lib/x86_64-linux-gnu/libdl.so.2 (0x00007f)\n\t/lib64/ld-linux-x86-64.so.2 (0x00007f)\n',
    ['/lib/x86_64-linux-gnu/libdl.so.2', '/lib64/ld-linux-x86-64.so.2'],
  ],
  [
    'musl',
    '\t/lib/ld-musl-x86_64.so.1 (0x7f)\n\tlibc.musl-x86_64.so.1 => /lib/ld-musl-x86_64.so.1 (0x7f)\n',
    ['/lib/ld-musl-x86_64.so.1', '/lib/ld-musl-x86_64.so.1'],
  ],
  ['a missing library', '\tlibx.so => not found\n', []],
  ['a static program', '\tnot a dynamic executable\n', []],
])('reads the libraries of %s', (_name, output, files) => {
  expect(parseLdd(output)).toEqual(files);
});
