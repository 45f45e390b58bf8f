import { expect, it } from 'vitest';
import type { Platform } from '@runlayer/provisioner';
import { architectureFailure, architectureName } from './architecture.ts';

it.each<[string, Platform | undefined, string, boolean | undefined, string | undefined]>([
  ['amd64', undefined, 'amd64', false, undefined],
  ['amd64', 'x86', 'amd64', false, undefined],
  ['arm64', 'arm', 'arm64', false, undefined],
  ['386', undefined, 'amd64', false, undefined],
  ['arm64', 'x86', 'amd64', true, 'The image is built for arm64 (arm), but the configuration says x86 (amd64).'],
  ['amd64', 'arm', 'amd64', false, 'The image is built for amd64 (x86), but the configuration says arm (arm64).'],
  ['s390x', 'x86', 'amd64', undefined, 'The image is built for s390x, but the configuration says x86 (amd64).'],
  ['arm64', 'arm', 'amd64', false, 'The image is built for arm64 (arm), but this Docker engine runs amd64 and has no emulation.'],
  ['arm64', undefined, 'amd64', false, 'The image is built for arm64 (arm), but this Docker engine runs amd64 and has no emulation.'],
  ['arm64', undefined, 'amd64', true, undefined],
  ['arm64', undefined, 'amd64', undefined, undefined],
])('judges an image for %s, wanted %s, on %s with emulation %s [CFG-5]', (image, wanted, own, emulates, message) => {
  const failure = architectureFailure(image, wanted, { own, emulates: () => emulates });
  expect(failure?.message).toBe(message);
  if (failure !== undefined) expect(failure).toMatchObject({ code: 'wrong_architecture', evidence: { architecture: image } });
});

it.each([
  ['x86_64', 'amd64'],
  ['aarch64', 'arm64'],
  ['amd64', 'amd64'],
  ['riscv64', 'riscv64'],
])('calls %s %s', (text, name) => {
  expect(architectureName(text)).toBe(name);
});
