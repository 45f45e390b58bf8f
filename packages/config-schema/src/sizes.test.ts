import { describe, expect, it } from 'vitest';
import { parseConfig } from './parse-config.ts';
import { cpuOf, memoryOf } from './shape/sizes.ts';

const file = (cpu: number, memory: number): string =>
  `name: notes\nservice: {port: 8000}\ninfrastructure:\n  cpu: ${cpu}\n  memory: ${memory}\n`;
const steps = (from: number, to: number): number[] => Array.from({ length: (to - from) / 1024 + 1 }, (_, index) => from + 1024 * index);
// The five rows as the product page prints them, apart from the table that the code uses.
const page = new Map([
  [256, [512, 1024, 2048]],
  [512, [1024, 2048, 3072, 4096]],
  [1024, [2048, 3072, 4096, 5120, 6144, 7168, 8192]],
  [2048, steps(4096, 16384)],
  [4096, steps(8192, 30720)],
]);

describe('cpu and memory', () => {
  it('accepts each of the 50 pairs and refuses every other one [CFG-4]', () => {
    const memories = [0, 1, 256, 511, 512, 513, 768, 1000, ...steps(1024, 32768), 1536, 61440];
    const accepted: string[] = [];
    for (const cpu of [0, 1, 128, 255, 256, 257, 512, 1000, 1024, 2048, 3072, 4096, 8192, 16384]) {
      for (const memory of memories) {
        const { config, issues } = parseConfig(file(cpu, memory));
        if (config !== undefined) accepted.push(`${cpu}/${memory}`);
        else expect(issues.every(({ path }) => path.startsWith('infrastructure.'))).toBe(true);
      }
    }
    expect(accepted).toEqual([...page].flatMap(([cpu, row]) => row.map((memory) => `${cpu}/${memory}`)));
    expect(accepted).toHaveLength(50);
  });

  it('names the valid memories of the cpu and a pair that is valid itself [CFG-4]', () => {
    for (const [cpu, row] of page) {
      for (const memory of [1, 600, 9999, 40_000]) {
        if (row.includes(memory)) continue;
        const [issue] = parseConfig(file(cpu, memory)).issues;
        expect(issue?.message).toContain(`valid are ${row.join(', ')}.`);
        expect(row.map(String)).toContain(issue?.suggestion);
        const [, nearCpu, nearMemory] = /cpu: (\d+), memory: (\d+)/.exec(issue?.hint ?? '') ?? [];
        expect(page.get(Number(nearCpu))).toContain(Number(nearMemory));
      }
    }
  });

  it.each([
    ['0.25', 256],
    ['0.5 vCPU', 512],
    ['1', 1024],
    ['4', 4096],
    ['2cpu', 2048],
    ['500m', 512],
    ['1000m', 1024],
    ['256', 256],
    ['300', undefined],
    ['3', undefined],
    ['x', undefined],
    ['1'.repeat(400), undefined],
  ])('takes %s to mean the cpu %s [CFG-4]', (written, cpu) => {
    expect(cpuOf(written)).toBe(cpu);
  });

  it.each([
    ['1GB', 1024],
    ['0.5 GiB', 512],
    ['2g', 2048],
    ['512M', 512],
    ['512 MiB', 512],
    ['512', undefined],
    ['much', undefined],
  ])('takes %s to mean %s MB [CFG-4]', (written, memory) => {
    expect(memoryOf(written)).toBe(memory);
  });
});
