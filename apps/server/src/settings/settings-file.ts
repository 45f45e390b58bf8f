// Reads the optional settings file: YAML or JSON with one flat mapping.
import { readFileSync } from 'node:fs';
import type { Issue } from '@runlayer/errors';
import { type Document, parseDocument } from 'yaml';
import { settingsTable } from './table.ts';

const keys: ReadonlySet<string> = new Set(Object.values(settingsTable).map((entry) => entry.key));

/** Texts by key, and what is wrong with the file. Never throws. */
export function readSettingsFile(path: string): { values: ReadonlyMap<string, string>; issues: Issue[] } {
  try {
    return settingsOfText(readFileSync(path, 'utf8'), path);
  } catch (error) {
    return {
      values: new Map(),
      issues: [{ path: 'RUNLAYER_CONFIG', message: `${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}.` }],
    };
  }
}

/** The same for a text; `name` is the file's, for messages. */
export function settingsOfText(source: string, name: string): { values: ReadonlyMap<string, string>; issues: Issue[] } {
  const document = parseDocument(source);
  const [fault] = document.errors;
  if (fault !== undefined) return { values: new Map(), issues: [{ path: name, message: `is not YAML: ${firstLine(fault.message)}` }] };
  const root = valueOf(document) ?? {};
  if (root === aliased) return { values: new Map(), issues: [{ path: name, message: 'uses aliases, which settings may not.' }] };
  if (typeof root !== 'object' || root === null || Array.isArray(root))
    return { values: new Map(), issues: [{ path: name, message: 'must be a mapping.' }] };
  return checkEntries(Object.entries(root), name);
}

function checkEntries(entries: readonly [string, unknown][], name: string): { values: ReadonlyMap<string, string>; issues: Issue[] } {
  const values = new Map<string, string>();
  const issues: Issue[] = [];
  for (const [key, value] of entries) {
    if (!keys.has(key)) issues.push({ path: `${name}: ${key}`, message: `is no setting; there are ${[...keys].join(', ')}.` });
    else if (typeof value === 'string' || typeof value === 'number') values.set(key, String(value));
    else if (Array.isArray(value) && value.every((item) => typeof item === 'string')) values.set(key, value.join(','));
    else issues.push({ path: `${name}: ${key}`, message: 'must be text, a number or a list of texts.' });
  }
  return { values, issues };
}

const aliased = Symbol('aliased');

// Aliases are not resolved: a few lines of them can make a value of any size.
function valueOf(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch {
    return aliased;
  }
}

// The lines after the first quote the source, which may hold a password.
function firstLine(message: string): string {
  return message.split('\n')[0] ?? '';
}
