// Names at the end of a run what was skipped and why, so that a green run never hides what it did not test.
import type { Reporter, TestModule } from 'vitest/node';

const mark = 'skipped:';

export default class SkipReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = modules.flatMap((module) => [...module.children.allTests('skipped')]);
    const reasons = new Map<string, number>();
    for (const test of skipped) {
      const reason = test.name.startsWith(mark) ? test.name.slice(mark.length).trim() : `skipped by name: ${test.fullName}`;
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
    if (reasons.size === 0) return;
    console.log('\nNot tested here:');
    for (const [reason, count] of reasons) console.log(`  ${count} suite${count === 1 ? '' : 's'}: ${reason}`);
    if (process.env['CI']) process.exitCode = 1;
  }
}
