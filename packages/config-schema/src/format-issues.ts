// Issues as text for people: one block each, the place first so that an editor or a terminal can follow it.
import type { Issue } from '@runlayer/errors';

/**
 * Every issue as readable text, in the order given: place, path and message on one line, then what was found, what was expected, the
 * nearest right value and a hint, where there are any. `file` stands before line and column.
 */
export function formatConfigIssues(issues: readonly Issue[], file?: string): string {
  return issues.map((issue) => formatOne(issue, file)).join('\n');
}

function formatOne(issue: Issue, file: string | undefined): string {
  const place = [file, issue.line, issue.column].filter((part) => part !== undefined).join(':');
  const head = [place, issue.path].filter((part) => part !== '').join(' ');
  const details: Array<readonly [label: string, text: string | undefined]> = [
    ['found', issue.found],
    ['expected', issue.expected],
    ['nearest', issue.suggestion],
    ['hint', issue.hint],
  ];
  const lines = details.filter(([, text]) => text !== undefined).map(([label, text]) => `    ${`${label}:`.padEnd(9)} ${text}`);
  return [`${head === '' ? '' : `${head}: `}${issue.message}`, ...lines].join('\n');
}
