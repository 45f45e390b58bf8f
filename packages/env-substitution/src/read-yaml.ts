// Turns source text into a YAML document within bounds of length, depth and time.
import { Composer, Lexer, LineCounter, Parser, YAMLParseError, type CST, type Document } from 'yaml';
import { maxLexemes, maxSyntaxErrors, maxYamlCharacters, maxYamlDepth } from './limits.ts';

/** A document with the lines of its source, or why there is none and at which offset. */
export type YamlReading =
  | { readonly document: Document; readonly lineCounter: LineCounter }
  | { readonly refused: string; readonly at: number; readonly lineCounter: LineCounter };

// Keys are compared by our own code: the library compares each with all others, which takes minutes for a file of a megabyte.
const options = { version: '1.2', uniqueKeys: false, prettyErrors: false } as const;

/**
 * Reads one document of untrusted YAML. Syntax errors stay in `document.errors`: {@link yamlFaults} words them. A second document is one
 * of them. What breaks a bound is `refused`: 2 Mi characters, 100 levels, 500,000 lexical parts. Keys given twice are left to the caller.
 */
export function readYaml(source: string): YamlReading {
  const lineCounter = new LineCounter();
  // A byte order mark takes no column: editors do not show it.
  lineCounter.addNewLine(source.startsWith('\uFEFF') ? 1 : 0);
  if (source.length > maxYamlCharacters)
    return { refused: `The file is longer than ${maxYamlCharacters / 1024 / 1024} MiB.`, at: 0, lineCounter };
  const tokens = readTokens(source, lineCounter);
  return Array.isArray(tokens) ? { document: compose(tokens, lineCounter, source.length), lineCounter } : { ...tokens, lineCounter };
}

function readTokens(source: string, lineCounter: LineCounter): CST.Token[] | { refused: string; at: number } {
  const parser = new Parser(lineCounter.addNewLine);
  const tokens: CST.Token[] = [];
  let lexemes = 0;
  let errors = 0;
  let documents = 0;
  for (const lexeme of new Lexer().lex(source)) {
    lexemes += 1;
    if (lexemes > maxLexemes) return { refused: `The file has more than ${maxLexemes.toLocaleString('en')} parts.`, at: parser.offset };
    for (const token of parser.next(lexeme)) {
      tokens.push(token);
      if (token.type === 'error') errors += 1;
      if (token.type === 'document') documents += 1;
    }
    // The composer recurses: a deep tree would exhaust the stack there.
    if (parser.stack.length > maxYamlDepth) return { refused: `Collections are nested more than ${maxYamlDepth} deep.`, at: parser.offset };
    // Enough is known: reading on would take time and tell nothing new.
    if (errors > maxSyntaxErrors || documents > 1) return tokens;
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}

function compose(tokens: CST.Token[], lineCounter: LineCounter, length: number): Document {
  const before = Error.stackTraceLimit;
  // The library makes an Error for each fault, up to one a character; their stacks would take most of the time.
  Error.stackTraceLimit = 0;
  try {
    let first: Document | undefined;
    for (const document of new Composer({ ...options, lineCounter }).compose(tokens, true, length)) {
      if (first === undefined) first = document;
      else first.errors.push(new YAMLParseError([document.range[0], length], 'MULTIPLE_DOCS', ''));
    }
    return first as Document;
  } finally {
    Error.stackTraceLimit = before;
  }
}
