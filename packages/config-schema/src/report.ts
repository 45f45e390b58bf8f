// Collects what is wrong with a file, each fault with its place, up to a bounded number.
import type { Issue } from '@runlayer/errors';
import type { LineCounter } from 'yaml';
import { maxIssues } from './limits.ts';

/** A fault before its offset in the source has become a line and a column. */
export interface Finding extends Omit<Issue, 'line' | 'column'> {
  /** Offset in the source. */
  readonly at?: number | undefined;
}

/** Where faults go. */
export interface Report {
  /** Something that makes the file invalid. What takes time to word is passed as a function, called while there is room. */
  issue(finding: Finding | (() => Finding)): void;
  /** Something that deserves a look and changes nothing. */
  warning(finding: Finding): void;
  issues(): Issue[];
  warnings(): Issue[];
}

/** An empty report on one source. */
export function createReport(lineCounter: LineCounter | undefined): Report {
  const issues = createList(lineCounter);
  const warnings = createList(lineCounter);
  return {
    issue: (finding) => issues.add(finding),
    warning: (finding) => warnings.add(finding),
    issues: () => issues.all(),
    warnings: () => warnings.all(),
  };
}

function createList(lineCounter: LineCounter | undefined): { add(finding: Finding | (() => Finding)): void; all(): Issue[] } {
  const kept: Issue[] = [];
  let left = 0;
  return {
    add(finding) {
      if (kept.length < maxIssues) kept.push(placed(typeof finding === 'function' ? finding() : finding, lineCounter));
      else left += 1;
    },
    all() {
      const sorted = kept.toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0));
      return left === 0 ? sorted : [...sorted, { path: '', message: `And ${left} more.` }];
    },
  };
}

function placed({ at, ...finding }: Finding, lineCounter: LineCounter | undefined): Issue {
  if (at === undefined || lineCounter === undefined || lineCounter.lineStarts.length === 0) return finding;
  const { line, col } = lineCounter.linePos(at);
  return { ...finding, line: Math.max(line, 1), column: Math.max(col, 1) };
}
