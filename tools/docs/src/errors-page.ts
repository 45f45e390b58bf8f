// docs/errors.md: every error code of every package, from the tables that the packages throw from.
import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ErrorEntry, ErrorTable } from '@runlayer/errors';

interface Section {
  readonly folder: string;
  readonly table: ErrorTable;
}

/** Renders the page from each `src/error-codes.ts` below the root. */
export async function errorsPage(root: string): Promise<string> {
  const files = globSync('{packages,apps}/*/src/error-codes.ts', { cwd: root }).toSorted();
  const sections = (await Promise.all(files.map((file) => sectionsOf(root, file)))).flat();
  return [
    '# Errors',
    '',
    'Each error has a stable code. Compare codes, not messages. Over HTTP an error is a problem document (RFC 9457) with the code in `code`.',
    ...sections.flatMap(({ folder, table }) => [
      '',
      `## ${folder}`,
      '',
      ...Object.entries(table).flatMap(([code, entry]) => describe(code, entry)),
    ]),
    '',
  ].join('\n');
}

async function sectionsOf(root: string, file: string): Promise<Section[]> {
  const exported = (await import(pathToFileURL(join(root, file)).href)) as Record<string, unknown>;
  const folder = dirname(dirname(file));
  return Object.values(exported)
    .filter(isTable)
    .map((table) => ({ folder, table }));
}

function isTable(value: unknown): value is ErrorTable {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).length > 0 &&
    Object.keys(value).every((key) => key.startsWith('ERR_'))
  );
}

function describe(code: string, { title, status, hint }: ErrorEntry): string[] {
  const facts = [title, status === undefined ? undefined : `HTTP ${status}`].filter((fact) => fact !== undefined).join(' · ');
  return [`### ${code}`, '', `${facts}.`, ...(hint === undefined ? [] : ['', hint]), ''];
}
