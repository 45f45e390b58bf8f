// One fault at one place of a document: what a parser reports and a person fixes.

/** A fault in a document, with enough to find it and to mend it. */
export interface Issue {
  /** Dotted path of the faulty value, such as `infrastructure.memory` or `service.expose[1]`; empty for the document itself. */
  readonly path: string;
  /** What is wrong, one sentence, in the reader's words. Never holds a secret. */
  readonly message: string;
  /** Line in the source, counted from 1. */
  readonly line?: number | undefined;
  /** Column in the source, counted from 1. */
  readonly column?: number | undefined;
  /** What stood there, shortened. Left out where it may be a secret. */
  readonly found?: string | undefined;
  /** What would be right. */
  readonly expected?: string | undefined;
  /** The nearest right value, ready to paste. */
  readonly suggestion?: string | undefined;
  /** What to do next, where the message alone does not say it. */
  readonly hint?: string | undefined;
}

/** `file:line:column: path: message (hint)`, leaving out what is not known. */
export function formatIssue(issue: Issue, file?: string): string {
  const place = [file, issue.line, issue.line === undefined ? undefined : issue.column].filter((part) => part !== undefined).join(':');
  const head = [place, issue.path].filter((part) => part !== '').join(': ');
  const hint = issue.hint === undefined ? '' : ` (${issue.hint})`;
  return `${head === '' ? '' : `${head}: `}${issue.message}${hint}`;
}
