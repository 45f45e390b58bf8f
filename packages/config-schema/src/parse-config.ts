// Reads runlayer.yaml: every fault at once, each with its place, or the configuration with its defaults filled in.
import type { Issue } from '@runlayer/errors';
import { readYaml, yamlFaults } from '@runlayer/env-substitution';
import { isMap } from 'yaml';
import { linkAliases } from './aliases.ts';
import type { Config } from './config.ts';
import { configError } from './error-codes.ts';
import { formatConfigIssues } from './format-issues.ts';
import type { ParsedSource } from './parsed-source.ts';
import { readField } from './read-field.ts';
import type { Reading } from './reading.ts';
import { followed, isNothing, kindOf } from './reading.ts';
import { createReport } from './report.ts';
import type { Report } from './report.ts';
import { checkRules } from './rules.ts';
import { shape } from './shape/shape.ts';
import { toConfig } from './to-config.ts';
import { homesOf } from './unknown-key.ts';

/** What was read: a configuration when there is no issue, else every issue. */
export interface ParsedConfig {
  readonly config?: Config | undefined;
  /** What makes the file invalid, in the order of the file. */
  readonly issues: readonly Issue[];
  /** What deserves a look. */
  readonly warnings: readonly Issue[];
}

const homes = homesOf(shape.keys);

/**
 * Reads a `runlayer.yaml`. Never throws for what the file holds, and never shows the value of an `env` entry. A number or a boolean in
 * `env` is the text that stands there (`V: 1.10` is `1.10`), with a warning.
 *
 * Bounded: a file above 2 MiB, of more than 500,000 lexical parts, nested more than 100 deep, or whose aliases stand for more than 100,000 values is refused as one issue;
 * at most 200 issues are reported. Time is linear in the length of the file.
 *
 * @example
 * const { config, issues } = parseConfig(await readFile('runlayer.yaml', 'utf8'));
 */
export function parseConfig(source: string | ParsedSource): ParsedConfig {
  if (typeof source !== 'string') return parseDocument(source, createReport(source.lineCounter));
  const reading = readYaml(source);
  const report = createReport(reading.lineCounter);
  if ('document' in reading) return parseDocument(reading, report);
  report.issue({ path: '', message: reading.refused, at: reading.at });
  return failed(report);
}

/**
 * Reads a `runlayer.yaml` or throws `ERR_CONFIG_INVALID`, its `issues` holding every fault and its message all of them as text.
 * `file` names the source there.
 */
export function readConfig(source: string | ParsedSource, options: { readonly file?: string | undefined } = {}): Config {
  const { config, issues } = parseConfig(source);
  if (config !== undefined) return config;
  throw configError('ERR_CONFIG_INVALID', formatConfigIssues(issues, options.file), { issues });
}

function parseDocument({ document, lineCounter }: ParsedSource, report: Report): ParsedConfig {
  // An unknown tag is a warning to the library, which then drops it: a value that begins with `!` would change silently.
  for (const { offset, ...fault } of yamlFaults([...document.errors, ...document.warnings], document, lineCounter))
    report.issue({ path: '', at: offset, ...fault });
  if (report.issues().length > 0) return failed(report);
  const { links, faults } = linkAliases(document);
  for (const fault of faults) report.issue({ path: '', ...fault });
  if (faults.length > 0) return failed(report);
  return parseRoot({ report, links, places: new Map(), homes }, document);
}

function parseRoot(reading: Reading, document: ParsedSource['document']): ParsedConfig {
  const root = followed(reading, document.contents);
  const at = root?.range?.[0] ?? 0;
  if (isNothing(root)) {
    reading.report.issue({ path: '', at, message: 'The file is empty.', hint: shape.emptyHint });
    return failed(reading.report);
  }
  if (!isMap(root)) {
    reading.report.issue({
      path: '',
      at,
      message: 'The file must be a map of keys and values.',
      found: kindOf(root),
      hint: shape.emptyHint,
    });
    return failed(reading.report);
  }
  const values = readField(reading, shape, root, { path: '', name: '', at }) ?? {};
  checkRules(reading, values);
  const issues = reading.report.issues();
  return issues.length > 0 ? failed(reading.report) : { config: toConfig(values), issues, warnings: reading.report.warnings() };
}

function failed(report: Report): ParsedConfig {
  return { issues: report.issues(), warnings: report.warnings() };
}
