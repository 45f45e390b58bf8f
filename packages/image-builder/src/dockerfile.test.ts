import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDockerfile, shellWords } from './dockerfile.ts';
import { stagesOf } from './stages.ts';

const basesOf = (text: string): string[] =>
  stagesOf(parseDockerfile(text)).map(({ base, name }) => (name === undefined ? base : `${base}=${name}`));

describe('the stages of a Dockerfile', () => {
  it.each<[string, string, string[]]>([
    ['one without a name', 'FROM a', ['a']],
    ['names in small letters', 'FROM a AS Build\nFROM b', ['a=build', 'b']],
    ['keywords in any case', 'from a as x', ['a=x']],
    ['flags', 'FROM --platform=$BUILDPLATFORM a AS x', ['a=x']],
    ['no FROM in a comment', '# FROM x\n  # FROM y\nFROM a', ['a']],
    ['no FROM in a continued line', 'FROM a\nRUN echo \\\nFROM b', ['a']],
    ['no FROM after a comment inside a continued line', 'FROM a\nRUN x \\\n# c\n\nFROM b', ['a']],
    ['a FROM that is itself continued', 'FROM \\\n  a \\\n  AS x', ['a=x']],
    ['a FROM after an escaped backslash', 'FROM a\nRUN x \\\\\nFROM b', ['a', 'b']],
    ['no FROM in a here-document', 'FROM a\nRUN <<EOF\nFROM b\nEOF\nFROM c', ['a', 'c']],
    ['no FROM in a quoted, indented here-document', 'FROM a\nCOPY <<-"END" /x\n\tFROM b\n\tEND\nFROM c', ['a', 'c']],
    ['no FROM in the second of two here-documents', 'FROM a\nRUN cat <<A <<B\nA\nFROM b\nB\nFROM c', ['a', 'c']],
    ['a FROM after what only looks like a here-document', 'FROM a\nRUN echo "x <<EOF y"\nFROM b', ['a', 'b']],
    ['a FROM after << in an instruction that takes none', 'FROM a\nENV X=1 <<EOF\nFROM b', ['a', 'b']],
    ['another escape character', '# escape=`\nFROM a\nRUN x `\nFROM b\nRUN y \\\nFROM c', ['a', 'c']],
    ['no directive after a comment', '# hi\n# escape=`\nFROM a\nRUN x `\nFROM b', ['a', 'b']],
    ['Windows line ends and a byte order mark', '\uFEFFFROM a\r\nRUN x \\\r\n y\r\nFROM b\r\n', ['a', 'b']],
    ['none in an empty file', '', []],
  ])('reads %s [CLI-8]', (_name, text, stages) => {
    expect(basesOf(text)).toEqual(stages);
  });

  it('are told with their lines', () => {
    expect(stagesOf(parseDockerfile('# c\n\nFROM a\nRUN x \\\n y\n\nFROM b')).map(({ line }) => line)).toEqual([3, 7]);
  });

  it('do not change when comments and empty lines are put between instructions', () => {
    const instruction = fc.constantFrom('FROM a', 'FROM b AS c', 'RUN x', 'COPY . .', 'ARG A=1');
    const filler = fc.constantFrom('', '# FROM z', '   # x \\', '\t');
    fc.assert(
      fc.property(fc.array(fc.tuple(instruction, fc.array(filler))), (parts) => {
        const plain = parts.map(([line]) => line).join('\n');
        const filled = parts.flatMap(([line, between]) => ['#', ...between, line]).join('\n');
        expect(basesOf(filled)).toEqual(basesOf(plain));
      }),
    );
  });

  it('can be asked of any text whatsoever', () => {
    const piece = fc.constantFrom('FROM ', 'a', ' AS b', '\n', '\\\n', '#', ' escape=`', '<<EOF', 'EOF', 'RUN ', '"', "'", ' ', '`');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((pieces) => pieces.join('')),
        ),
        (text) => {
          for (const { line } of stagesOf(parseDockerfile(text))) expect(line).toBeLessThanOrEqual(text.split('\n').length);
        },
      ),
    );
  });
});

it('reads the syntax line', () => {
  expect(parseDockerfile('# syntax=docker/dockerfile:1\nFROM a').syntax).toBe('docker/dockerfile:1');
  expect(parseDockerfile('FROM a\n# syntax=docker/dockerfile:1').syntax).toBeUndefined();
});

it.each([
  ['a b', ['a', 'b']],
  ['"a b" c', ['"a b"', 'c']],
  ["'a \\' b", ["'a \\'", 'b']],
  ['a\\ b', ['a\\ b']],
  ['', []],
])('splits %j into words', (text, words) => {
  expect(shellWords(text, '\\')).toEqual(words);
});
