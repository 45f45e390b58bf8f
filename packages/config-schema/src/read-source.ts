// Turns source text into a YAML document within bounds of length, depth and time.
import { Composer, Lexer, LineCounter, Parser, YAMLParseError } from 'yaml';
import type { CST, Document } from 'yaml';
import { maxDepth, maxLexemes, maxSourceLength, maxSyntaxErrors } from './limits.ts';
import type { ParsedSource } from './parsed-source.ts';

/** A document, or why there is none. */
export type SourceReading =
  | { readonly parsed: ParsedSource }
  | { readonly refused: string; readonly lineCounter: LineCounter; readonly at?: number };

// Keys are compared by our own code: the library compares each with all others, which takes minutes for a file of a megabyte.
const options = { version: '1.2', uniqueKeys: false, prettyErrors: false } as const;

/** Reads one document. Syntax errors stay in `document.errors`; only what breaks a bound is refused here. */
export function readSource(source: string): SourceReading {
  const lineCounter = new LineCounter();
  if (source.length > maxSourceLength) {
    return { refused: `The file is longer than ${maxSourceLength / 1024 / 1024} MiB.`, lineCounter };
  }
  const tokens = readTokens(source, lineCounter);
  if (!Array.isArray(tokens)) return { ...tokens, lineCounter };
  const document = compose(tokens, lineCounter, source.length);
  return { parsed: { document, lineCounter } };
}

function readTokens(source: string, lineCounter: LineCounter): CST.Token[] | { refused: string; at: number } {
  const parser = new Parser(lineCounter.addNewLine);
  lineCounter.addNewLine(0);
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
    if (parser.stack.length > maxDepth) return { refused: `Collections are nested more than ${maxDepth} deep.`, at: parser.offset };
    // Enough is known: reading on would take time and tell nothing new.
    if (errors > maxSyntaxErrors || documents > 1) return tokens;
  }
  tokens.push(...parser.end());
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
      else first.errors.push(new YAMLParseError([document.range?.[0] ?? 0, length], 'MULTIPLE_DOCS', ''));
    }
    return first as Document;
  } finally {
    Error.stackTraceLimit = before;
  }
}
