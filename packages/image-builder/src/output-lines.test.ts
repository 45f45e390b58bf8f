import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonLines } from './json-lines.ts';
import { longestLine, OutputLines, printable } from './output-lines.ts';

it('gives the same lines however the bytes are cut', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-zé€😀 ]*$/u)), fc.array(fc.nat(20)), (lines, cuts) => {
      let bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
      const output = new OutputLines();
      const seen: string[] = [];
      for (const cut of cuts) {
        seen.push(...output.push(bytes.subarray(0, cut)));
        bytes = bytes.subarray(cut);
      }
      expect([...seen, ...output.push(bytes), ...output.end()]).toEqual(lines);
    }),
  );
});

it('keeps no more of an endless line than it will show', () => {
  const output = new OutputLines();
  for (let count = 0; count < 100; count++) output.push(Buffer.alloc(10_000, 'x'));
  expect(output.end()[0]).toHaveLength(longestLine);
});

it.each([
  ['\u001b[31mred\u001b[0m', 'red'],
  ['10%\r50%\r100%\r', '100%'],
  ['a\u0007\u0000b\tc', 'ab\tc'],
  ['\u001b]0;title\u0007x', 'x'],
])('prints %j as %j', (line, shown) => {
  expect(printable(line)).toBe(shown);
});

it('reads objects from lines of JSON however they are cut, and leaves out the rest', async () => {
  const bytes = Buffer.from('{"a":"é"}\r\n\nnull\n[1]\nbroken\n{"b":2}');
  const read: object[] = [];
  for await (const object of jsonLines(
    (async function* () {
      for (const byte of bytes) yield Buffer.of(byte);
    })(),
  ))
    read.push(object);
  expect(read).toEqual([{ a: 'é' }, { b: 2 }]);
});
