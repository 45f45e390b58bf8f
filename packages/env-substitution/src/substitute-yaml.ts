// Source in, substituted source out: only the scalars that hold variables are rewritten, every other byte stays.
import type { Issue } from '@runlayer/errors';
import type { Document, LineCounter } from 'yaml';
import { maxYamlCharacters } from './limits.ts';
import { parseYaml } from './parse-yaml.ts';
import { textSource } from './scalar-source.ts';
import { replaceScalars, type Replacement } from './substitute-document.ts';
import type { Variables } from './variables.ts';

/** The result of {@link substituteYaml}. */
export interface SubstitutedYaml {
  /** The source after substitution; the source itself when there are issues. */
  readonly text: string;
  /** The parsed document, substituted. Its offsets are those of the original source. */
  readonly document: Document;
  /** Turns the document's offsets into lines and columns of the original source. */
  readonly lineCounter: LineCounter;
  /** Every fault: YAML that cannot be read, malformed `${…}`, unset variables. Empty means that `text` can be sent. */
  readonly issues: readonly Issue[];
}

/**
 * Parses YAML, replaces its `${…}` on the parsed tree, and writes it back with comments and layout kept.
 * A value cannot add keys, end its scalar early or change another one, whatever it holds. Faults of the file come back as issues.
 *
 * @throws `ERR_SUBSTITUTION_TOO_LARGE` when the source is above 2 Mi characters.
 * @example
 * const { text, issues } = substituteYaml('service:\n  port: ${PORT:-8000} # http\n', variablesFrom(process.env));
 * // text: 'service:\n  port: 8000 # http\n'
 */
export function substituteYaml(source: string, variables: Variables): SubstitutedYaml {
  const { document, lineCounter, issues } = parseYaml(source);
  if (issues.length > 0) return { text: source, document, lineCounter, issues };
  const replaced = replaceScalars(document, variables, { source, lineCounter });
  if (replaced.issues.length > 0) return { text: source, document, lineCounter, issues: replaced.issues };
  const text = splice(source, replaced.replacements);
  if (text.length <= maxYamlCharacters) return { text, document, lineCounter, issues: [] };
  const message = `After substitution the file has ${text.length} characters; the limit is ${maxYamlCharacters}.`;
  return { text: source, document, lineCounter, issues: [{ path: '', message }] };
}

// The walk goes through the file from top to bottom, so the replacements are in order.
function splice(source: string, replacements: readonly Replacement[]): string {
  const pieces: string[] = [];
  let end = 0;
  for (const { scalar, text } of replacements) {
    const [start, stop] = scalar.range ?? [0, 0];
    const original = { type: scalar.type, source: source.slice(start, stop) };
    pieces.push(source.slice(end, start), typeof scalar.value === 'string' ? textSource(text, original) : text === '' ? 'null' : text);
    end = stop;
  }
  pieces.push(source.slice(end));
  return pieces.join('');
}
