// Parses the YAML to be substituted: every fault of it an issue with its place.
import type { Issue } from '@runlayer/errors';
import { Document, type LineCounter } from 'yaml';
import { substitutionFailure } from './error-codes.ts';
import { duplicateKeys } from './duplicate-keys.ts';
import { outgrowsAliases } from './expanded-nodes.ts';
import { maxIssues, maxYamlCharacters } from './limits.ts';
import { placeAt } from './place.ts';
import { readYaml } from './read-yaml.ts';
import { yamlFaults, type YamlFault } from './yaml-faults.ts';

/** A parsed source: its nodes know their offsets, the line counter turns those into lines and columns. */
export interface ParsedYaml {
  readonly document: Document;
  readonly lineCounter: LineCounter;
  readonly issues: Issue[];
}

/**
 * Parses one document. Faults come back as issues, all of them.
 *
 * @throws `ERR_SUBSTITUTION_TOO_LARGE` above 2 Mi characters.
 */
export function parseYaml(source: string): ParsedYaml {
  if (source.length > maxYamlCharacters) {
    throw substitutionFailure(
      'ERR_SUBSTITUTION_TOO_LARGE',
      `The file is too large: ${source.length} characters, the limit is ${maxYamlCharacters} (2 Mi).`,
    );
  }
  const reading = readYaml(source);
  const { lineCounter } = reading;
  if ('refused' in reading) {
    const issue = { path: '', message: reading.refused, ...placeAt(reading.at, lineCounter) };
    return { document: new Document(null), lineCounter, issues: [issue] };
  }
  const { document } = reading;
  const faults = yamlFaults(document.errors, document, lineCounter).slice(0, maxIssues);
  const issues = faults.map((fault) => syntaxIssue(fault, source, lineCounter));
  if (issues.length === 0) issues.push(...duplicateKeys(document, lineCounter));
  if (outgrowsAliases(document)) issues.push({ path: '', message: 'The aliases (*name) of the file expand to too many values.' });
  return { document, lineCounter, issues };
}

function syntaxIssue({ message, hint, offset }: YamlFault, source: string, lineCounter: LineCounter): Issue {
  const lineBefore = source.slice(Math.max(source.lastIndexOf('\n', offset - 1) + 1, offset - 200), offset);
  const nearVariable = `${lineBefore}${source.slice(offset, offset + 2)}`.includes('${');
  return { path: '', message, hint: nearVariable ? 'Put the value in quotes: "${NAME}".' : hint, ...placeAt(offset, lineCounter) };
}
