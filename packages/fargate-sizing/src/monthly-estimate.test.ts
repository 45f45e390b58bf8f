import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { monthlyEstimate } from './monthly-estimate.ts';
import { acceptedSizes } from './task-sizes.ts';

describe('monthlyEstimate', () => {
  it.each([
    [{ cpu: 256, memoryMiB: 512, platform: 'arm' }, 7.21],
    [{ cpu: 256, memoryMiB: 512, platform: 'x86' }, 9.01],
    [{ cpu: 1024, memoryMiB: 2048, platform: 'x86' }, 36.04],
    [{ cpu: 1024, memoryMiB: 2048, platform: 'x86', replicas: 3 }, 108.12],
    [{ cpu: 1024, memoryMiB: 2048, platform: 'x86', replicas: 0 }, 0],
    [{ cpu: 4096, memoryMiB: 30720, platform: 'arm', region: 'us-east-1' }, 172.51],
  ] as const)('of %j is $%d', (request, dollars) => {
    expect(monthlyEstimate(request)).toBe(dollars);
  });

  it.each(['mars-1', 'constructor', ''])('is unknown in %j', (region) => {
    expect(monthlyEstimate({ cpu: 256, memoryMiB: 512, platform: 'arm', region })).toBeUndefined();
  });

  it('is lower on arm, and grows with the size and the replicas', () => {
    const pair = fc.constantFrom(...acceptedSizes.flatMap(({ cpu, memories }) => memories.map((memoryMiB) => ({ cpu, memoryMiB }))));
    const estimate = (request: Parameters<typeof monthlyEstimate>[0]): number => monthlyEstimate(request) ?? Number.NaN;
    fc.assert(
      fc.property(pair, fc.integer({ min: 1, max: 50 }), (size, replicas) => {
        const x86 = estimate({ ...size, platform: 'x86', replicas });
        expect(estimate({ ...size, platform: 'arm', replicas })).toBeLessThan(x86);
        expect(estimate({ ...size, platform: 'x86', replicas: replicas + 1 })).toBeGreaterThan(x86);
        expect(estimate({ ...size, memoryMiB: size.memoryMiB + 1024, platform: 'x86', replicas })).toBeGreaterThan(x86);
      }),
    );
  });
});
