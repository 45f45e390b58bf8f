// Reads a Dockerfile into its instructions: enough to know its stages, not enough to build it.

/** One instruction, with its continued lines joined. */
interface Instruction {
  /** In capitals, such as `FROM`. */
  readonly keyword: string;
  /** What follows the keyword, without comments and line breaks, and without here-documents. */
  readonly rest: string;
  /** The line it begins on, counted from 1. */
  readonly line: number;
}

/** What a Dockerfile says. */
export interface Dockerfile {
  readonly instructions: readonly Instruction[];
  /** Value of the `# syntax=` line. */
  readonly syntax: string | undefined;
}

/**
 * Reads a Dockerfile. Never throws: what the engine will refuse is still read as well as can be.
 * @see https://docs.docker.com/reference/dockerfile/#format
 */
export function parseDockerfile(text: string): Dockerfile {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const directives = readDirectives(lines);
  const escape = directives.get('escape') === '`' ? '`' : '\\';
  const instructions: Instruction[] = [];
  for (let index = 0; index < lines.length;) {
    const { logical, next } = readLogicalLine(lines, index, escape);
    const [, keyword, rest = ''] = /^\s*(\S+)\s*([^]*)$/.exec(logical) ?? [];
    if (keyword !== undefined) instructions.push({ keyword: keyword.toUpperCase(), rest: rest.trim(), line: index + 1 });
    index = keyword === undefined ? next : skipHeredocs(lines, next, keyword, rest, escape);
  }
  return { instructions, syntax: directives.get('syntax') };
}

/** Directives stand before everything else; the first line that is none ends them. */
function readDirectives(lines: readonly string[]): Map<string, string> {
  const directives = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = /^#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$/.exec(line) ?? [];
    if (name === undefined || value === undefined || !['syntax', 'escape', 'check'].includes(name.toLowerCase())) break;
    directives.set(name.toLowerCase(), value);
  }
  return directives;
}

/** Joins a line with those it continues on. Comments and, inside a continuation, empty lines do not count. */
function readLogicalLine(lines: readonly string[], start: number, escape: string): { logical: string; next: number } {
  const continued = escape === '`' ? /(^|[^`])`[ \t]*$/ : /(^|[^\\])\\[ \t]*$/;
  const parts: string[] = [];
  for (let index = start; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (isComment(line) || (parts.length > 0 && line.trim() === '')) {
      if (parts.length === 0) return { logical: '', next: index + 1 };
      continue;
    }
    parts.push(line.replace(continued, '$1'));
    if (!continued.test(line)) return { logical: parts.join(''), next: index + 1 };
  }
  return { logical: parts.join(''), next: lines.length };
}

function isComment(line: string): boolean {
  return /^\s*#/.test(line);
}

/** The line after the here-documents of an instruction. Only these instructions may have any. */
function skipHeredocs(lines: readonly string[], start: number, keyword: string, rest: string, escape: string): number {
  const instruction = keyword.toUpperCase() === 'ONBUILD' ? (rest.split(/\s+/)[0] ?? '') : keyword;
  if (!['RUN', 'COPY', 'ADD'].includes(instruction.toUpperCase())) return start;
  let index = start;
  for (const { name, indented } of heredocs(rest, escape)) {
    const isEnd = (line: string): boolean => (indented ? line.replace(/^\t+/, '') : line) === name;
    const end = lines.findIndex((line, at) => at >= index && isEnd(line));
    // Without its end the here-document would swallow the file; the engine will say so.
    if (end < 0) return lines.length;
    index = end + 1;
  }
  return index;
}

function heredocs(rest: string, escape: string): { name: string; indented: boolean }[] {
  return shellWords(rest, escape).flatMap((word) => {
    const [, dash, quoted] = /^\d*<<(-?)([^<]+)$/.exec(word) ?? [];
    return quoted === undefined ? [] : [{ name: quoted.replace(/^(["'])(.*)\1$/, '$2'), indented: dash === '-' }];
  });
}

/** Splits at blanks outside quotes, and leaves the quotes in. */
export function shellWords(text: string, escape: string): string[] {
  const words: string[] = [];
  let word = '';
  let quote = '';
  for (let index = 0; index < text.length; index++) {
    const letter = text[index] ?? '';
    if (letter === escape && quote !== "'") {
      word += letter + (text[++index] ?? '');
    } else if (quote === '' && /\s/.test(letter)) {
      if (word !== '') words.push(word);
      word = '';
    } else {
      if (quote === letter) quote = '';
      else if (quote === '' && (letter === '"' || letter === "'")) quote = letter;
      word += letter;
    }
  }
  return word === '' ? words : [...words, word];
}
