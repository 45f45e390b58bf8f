import { describe, expect, it } from 'vitest';
import { baseImagesOf } from './base-images.ts';
import { unusedArguments } from './build-arguments.ts';
import { parseDockerfile } from './dockerfile.ts';
import { checkStages, stagesOf } from './stages.ts';

const check = (text: string, target?: string): void => checkStages(stagesOf(parseDockerfile(text)), target, 'Dockerfile');
const two = 'FROM a AS build\nFROM b AS runtime\n';

describe('checkStages', () => {
  it.each([
    ['one stage and no target', 'FROM a', undefined],
    ['a target among several', two, 'build'],
    ['a target in other letters', two, 'Runtime'],
    ['a target by number', two, '1'],
  ])('accepts %s [CFG-2, CLI-8]', (_name, text, target) => {
    expect(() => check(text, target)).not.toThrow();
  });

  it('refuses several stages without a target, and names them [CFG-2, CLI-8]', () => {
    expect(() => check(two)).toThrow(
      expect.objectContaining({
        code: 'ERR_BUILD_TARGET_REQUIRED',
        message: 'Dockerfile has 2 stages (build on line 1, runtime on line 2), and `build.target` names none of them.',
        hint: 'To build the last stage, set `build.target: runtime`.',
        data: { stages: ['build', 'runtime'], suggestion: 'runtime' },
      }),
    );
  });

  it('says how to name a last stage that has no name [CLI-8]', () => {
    expect(() => check('FROM a AS build\nFROM b')).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('`FROM b AS runtime` on line 2') as string }),
    );
  });

  it.each([
    ['a slip of the finger', 'runtme', 'Did you mean `build.target: runtime`?'],
    ['something else entirely', 'production', 'Set `build.target` to the name after AS of the stage to run.'],
    ['a number beyond the last', '2', 'Set `build.target` to the name after AS of the stage to run.'],
  ])('refuses %s as target, and names the stages [CFG-2]', (_name, target, hint) => {
    expect(() => check(two, target)).toThrow(
      expect.objectContaining({ code: 'ERR_BUILD_TARGET_UNKNOWN', message: expect.stringContaining('build on line 1') as string, hint }),
    );
  });

  it('refuses a Dockerfile without any stage', () => {
    expect(() => check('# nothing')).toThrow(expect.objectContaining({ code: 'ERR_BUILD_DOCKERFILE_INVALID' }));
  });
});

it.each([
  ['FROM a\nFROM b:1 AS c\nFROM C\nFROM scratch', {}, ['a', 'b:1']],
  ['ARG V=24\nFROM node:${V}-slim', {}, ['node:24-slim']],
  ['ARG V=24\nFROM node:${V}-slim', { V: '22' }, ['node:22-slim']],
  ['ARG B\nFROM $B', {}, []],
  ['ARG B\nFROM ${B:-x}', {}, ['x']],
  ['ARG A="q" B=r\nFROM $A/${B}:1', {}, ['q/r:1']],
  ['FROM --platform=$BUILDPLATFORM a\nFROM --platform=linux/arm64 b', {}, ['b']],
  ['FROM a\nARG X=y\nFROM $X', {}, ['a']],
])('finds the base images of %j with %j', (text, args, images) => {
  expect(baseImagesOf(parseDockerfile(text), args).map(({ reference }) => reference)).toEqual(images);
});

it.each([
  ['ARG A\nFROM a\nARG B=1 C', { A: '', B: '', C: '' }, []],
  ['FROM a\nARG PORT', { PROT: '' }, ['PROT']],
  ['FROM a', { HTTP_PROXY: '', no_proxy: '', TARGETARCH: '' }, []],
])('finds the arguments that %j does not take in %j', (text, args, names) => {
  expect(unusedArguments(args, parseDockerfile(text))).toEqual(names);
});
