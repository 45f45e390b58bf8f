// Parses untrusted YAML with bounds: size, depth, aliases, and no step that takes quadratic time.
import type { Issue } from '@runlayer/errors';
import { Composer, Document, Lexer, LineCounter, Parser, type CST, type YAMLParseError } from 'yaml';
import { substitutionFailure } from './error-codes.ts';
import { duplicateKeys } from './duplicate-keys.ts';
import { outgrowsAliases } from './expanded-nodes.ts';
import { maxIssues, maxYamlCharacters, maxYamlDepth } from './limits.ts';
import { placeAt } from './place.ts';

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
  const lineCounter = new LineCounter();
  const tokens = readTokens(source, lineCounter);
  if ('tooDeepAt' in tokens) {
    const message = `Nested more than ${maxYamlDepth} deep.`;
    return { document: new Document(null), lineCounter, issues: [{ path: '', message, ...placeAt(tokens.tooDeepAt, lineCounter) }] };
  }
  // The library's own check of unique keys compares every key with every other.
  const [document = new Document(null), second] = new Composer({ uniqueKeys: false, prettyErrors: false }).compose(
    tokens.tokens,
    true,
    source.length,
  );
  const issues = firstOfEachLine(document.errors.slice(0, 10 * maxIssues).map((error) => syntaxIssue(error, source, lineCounter)));
  if (second !== undefined)
    issues.push({ path: '', message: 'The file holds more than one YAML document.', ...placeAt(second.range[0], lineCounter) });
  if (issues.length === 0) issues.push(...duplicateKeys(document, lineCounter));
  if (outgrowsAliases(document)) issues.push({ path: '', message: 'The aliases (*name) of the file expand to too many values.' });
  return { document, lineCounter, issues };
}

function readTokens(source: string, lineCounter: LineCounter): { tokens: CST.Token[] } | { tooDeepAt: number } {
  const parser = new Parser(lineCounter.addNewLine);
  lineCounter.addNewLine(0);
  const tokens: CST.Token[] = [];
  let offset = 0;
  for (const lexeme of new Lexer().lex(source)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > maxYamlDepth) return { tooDeepAt: offset };
    offset += source.startsWith(lexeme, offset) ? lexeme.length : 0;
  }
  for (const token of parser.end()) tokens.push(token);
  return { tokens };
}

function syntaxIssue(error: YAMLParseError, source: string, lineCounter: LineCounter): Issue {
  const [start, end] = error.pos;
  const before =
    source
      .slice(Math.max(0, start - 200), start)
      .split('\n')
      .at(-1) ?? '';
  const nearVariable = `${before}${source.slice(start, end + 1)}`.includes('${');
  const hint = nearVariable ? 'Put the value in quotes: "${NAME}".' : undefined;
  return { path: '', message: `Invalid YAML: ${withoutSource(error)}.`, hint, ...placeAt(start, lineCounter) };
}

// The library quotes the file after a colon, and the file may hold secrets.
function withoutSource({ code, message }: YAMLParseError): string {
  return code === 'BAD_DQ_ESCAPE' ? 'Invalid escape sequence' : (message.split(': ', 1)[0] ?? message);
}

// One slip makes the parser stumble several times on the same line.
function firstOfEachLine(issues: readonly Issue[]): Issue[] {
  return issues.filter((issue, index) => issues[index - 1]?.line !== issue.line).slice(0, maxIssues);
}
