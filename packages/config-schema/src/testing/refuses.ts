// A table of bad files as tests.
import { expect, it } from 'vitest';
import { parseConfig } from '../parse-config.ts';

/** A bad file: what is wrong with it, its text, and the place, path, message and suggestion of the issue it must get. */
export type Row = readonly [what: string, source: string, place: string, path: string, message: RegExp, suggestion?: string];

/** The issue a file gets at a path. */
export const issueAt = (source: string, path: string): ReturnType<typeof parseConfig>['issues'][number] | undefined =>
  parseConfig(source).issues.find((issue) => issue.path === path);

/** One test for each bad file. None of them may show the secret of the good file. */
export function refuses(title: string, rows: readonly Row[]): void {
  it.each(rows.map(([what, source, place, path, message, suggestion]) => ({ what, source, place, path, message, suggestion })))(
    title,
    ({ source, place, path, message, suggestion }) => {
      const issue = issueAt(source, path);
      expect(issue, JSON.stringify(parseConfig(source).issues)).toBeDefined();
      expect(`${issue?.line}:${issue?.column}`).toBe(place);
      expect(issue?.message).toMatch(message);
      expect(issue?.suggestion).toBe(suggestion);
      expect(parseConfig(source).config).toBeUndefined();
      expect(JSON.stringify(parseConfig(source))).not.toContain('canary-secret');
    },
  );
}
