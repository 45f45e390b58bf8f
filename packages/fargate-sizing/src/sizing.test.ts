import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAccepted, isFargateSize, memoriesFor, nearestPair } from './sizing.ts';
import { acceptedSizes, fargateSizes } from './task-sizes.ts';

const pairs = acceptedSizes.flatMap(({ cpu, memories }) => memories.map((memory) => ({ cpu, memory })));

describe('the accepted sizes', () => {
  it('are the fifty pairs of the five rows of the product page [CFG-4]', () => {
    expect(acceptedSizes.map(({ cpu, memories }) => [cpu, memories.length, memories[0], memories.at(-1)])).toEqual([
      [256, 3, 512, 2048],
      [512, 4, 1024, 4096],
      [1024, 7, 2048, 8192],
      [2048, 13, 4096, 16384],
      [4096, 23, 8192, 30720],
    ]);
    expect(pairs).toHaveLength(50);
    expect(pairs.every(({ cpu, memory }) => isAccepted(cpu, memory) && isFargateSize(cpu, memory))).toBe(true);
  });

  it.each([
    [256, 3072],
    [256, 1536],
    [512, 512],
    [1024, 2049],
    [2048, 16385],
    [4096, 31744],
    [8192, 16384],
    [0, 512],
    [-256, 512],
    [256.5, 512],
    [Number.NaN, Number.NaN],
    [Infinity, Infinity],
  ])('leave out %d with %d [CFG-4]', (cpu, memory) => {
    expect(isAccepted(cpu, memory)).toBe(false);
  });

  it('are all that any number finds [CFG-4]', () => {
    fc.assert(
      fc.property(fc.integer({ max: 70_000 }), fc.integer({ max: 300_000 }), (cpu, memory) => {
        expect(isAccepted(cpu, memory)).toBe(pairs.some((pair) => pair.cpu === cpu && pair.memory === memory));
      }),
    );
  });

  it('name the memories of a CPU size, and none for another [CFG-4]', () => {
    expect(memoriesFor(512)).toEqual([1024, 2048, 3072, 4096]);
    expect(memoriesFor(300)).toEqual([]);
    expect(memoriesFor(8192)).toEqual([]);
  });
});

describe('the table of AWS', () => {
  it.each([
    [8192, 16384, 61440, 12],
    [16384, 32768, 122880, 12],
    [32768, 61440, 249856, 3],
  ])('has for %d memories from %d to %d', (cpu, first, last, count) => {
    const memories = fargateSizes.find((row) => row.cpu === cpu)?.memories ?? [];
    expect([memories[0], memories.at(-1), memories.length]).toEqual([first, last, count]);
    expect(isFargateSize(cpu, first)).toBe(true);
  });

  it('ascends in every row and column', () => {
    const ascends = (numbers: readonly number[]) => numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0));
    expect(ascends(fargateSizes.map(({ cpu }) => cpu))).toBe(true);
    expect(fargateSizes.every(({ memories }) => ascends(memories))).toBe(true);
  });
});

describe('nearestPair', () => {
  it.each([
    [256, 512, 256, 512],
    [256, 600, 256, 1024],
    [256, 3072, 512, 3072],
    [256, 4097, 1024, 5120],
    [300, 300, 512, 1024],
    [1024, 512, 1024, 2048],
    [1, 30720, 4096, 30720],
    [0, 0, 256, 512],
    [-1, -1, 256, 512],
    [4096, 40_000, 4096, 30720],
    [8192, 10_000, 4096, 10_240],
    [Infinity, Infinity, 4096, 30720],
    [Number.NaN, Number.NaN, 256, 512],
    [2, 1, 256, 512],
  ])('of %d with %d is %d with %d [CFG-4]', (cpu, memory, nearCpu, nearMemory) => {
    expect(nearestPair(cpu, memory)).toEqual({ cpu: nearCpu, memory: nearMemory });
  });

  it('is accepted, and the smallest that fits both where one does [CFG-4]', () => {
    fc.assert(
      fc.property(fc.integer({ min: -10, max: 5000 }), fc.integer({ min: -10, max: 40_000 }), (cpu, memory) => {
        const near = nearestPair(cpu, memory);
        expect(isAccepted(near.cpu, near.memory)).toBe(true);
        const fitting = pairs.filter((pair) => pair.cpu >= cpu && pair.memory >= memory);
        if (fitting.length > 0) expect(near).toEqual(fitting[0]);
      }),
    );
  });

  it('of an accepted pair is the pair itself [CFG-4]', () => {
    for (const pair of pairs) expect(nearestPair(pair.cpu, pair.memory)).toEqual(pair);
  });
});
