import { parseConfig } from '@runlayer/config-schema';
import { expect, it } from 'vitest';
import { choosePlatform } from './build-platform.ts';

function configWith(build: string) {
  const { config } = parseConfig(`name: x\nruntime: docker\nbuild:\n  context: .\n${build}service:\n  port: 8000\n`);
  if (config === undefined) throw new Error('the configuration of this test is not valid');
  return config;
}

it.each([
  ['stated as the engine has it', '  platform: x86\n', true, 'x86', undefined, undefined],
  ['stated otherwise than the engine has it', '  platform: arm\n', true, 'x86', 'arm', /emulates/],
  ['the reverse', '  platform: x86\n', false, 'arm', 'x86', /emulates/],
  ['not stated, on a shared engine', '', true, 'x86', undefined, /Building for x86: the file states no platform/],
  ['not stated, for a registry', '', false, 'x86', 'arm', /Building for arm: the file states no platform/],
] as const)('a platform %s is built as it should be, and told [CLI-8]', (_how, build, isLocal, engine, platform, note) => {
  const chosen = choosePlatform({ config: configWith(build), isLocal, engine });
  expect(chosen.build).toBe(platform);
  if (note === undefined) expect(chosen.note).toBeUndefined();
  else expect(chosen.note).toMatch(note);
});
