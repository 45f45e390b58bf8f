// Substitutes the scalars of a parsed document, where a value can change nothing but the scalar it stands in.
import type { Issue } from '@runlayer/errors';
import { isCollection, isPair, isScalar, Scalar, type Document, type LineCounter } from 'yaml';
import { maxIssues, maxYamlCharacters } from './limits.ts';
import { pathText, placeAt } from './place.ts';
import { resolvePlain } from './resolve-plain.ts';
import { unclosedMessage } from './template.ts';
import { substituteText, type Budget, type SubstitutionFault } from './substitute-text.ts';
import type { Variables } from './variables.ts';

/** What {@link substituteDocument} may be told. */
export interface SubstituteDocumentOptions {
  /** The source the document was parsed from; with it and `lineCounter`, issues have the place of their `${`. */
  readonly source?: string;
  /** The line counter the document was parsed with. Default: issues have no place. */
  readonly lineCounter?: LineCounter;
  /** Paths below which every value is text, whatever it looks like. Default: `env` and `build.args`. */
  readonly textPaths?: readonly (readonly string[])[];
}

/** A scalar whose value changed. */
export interface Replacement {
  readonly scalar: Scalar;
  /** The value after substitution, as text. */
  readonly text: string;
}

type Path = readonly (string | number)[];

const defaultTextPaths = [['env'], ['build', 'args']];

/**
 * Replaces the `${…}` of every value in place; keys, comments and styles stay. A plain scalar is typed anew by YAML's rules
 * (`port: ${PORT}` becomes a number) but below `textPaths`, where it stays text; a quoted scalar is text always.
 * A `${…}` in a key is an issue. A scalar with an issue keeps its value.
 *
 * @returns Every fault, each unset variable once, in the order of the file. No message holds a variable's value.
 */
export function substituteDocument(document: Document, variables: Variables, options: SubstituteDocumentOptions = {}): Issue[] {
  return replaceScalars(document, variables, options).issues;
}

/** {@link substituteDocument}, and which scalars changed. */
export function replaceScalars(
  document: Document,
  variables: Variables,
  options: SubstituteDocumentOptions,
): { issues: Issue[]; replacements: Replacement[] } {
  const replacer = new ScalarReplacer(document, variables, options);
  replacer.visit(document.contents, [], false);
  return { issues: replacer.issues, replacements: replacer.replacements };
}

class ScalarReplacer {
  readonly issues: Issue[] = [];
  readonly replacements: Replacement[] = [];
  readonly #document: Document;
  readonly #variables: Variables;
  readonly #options: SubstituteDocumentOptions;
  readonly #textPaths: readonly (readonly string[])[];
  readonly #budget: Budget = { left: maxYamlCharacters };
  readonly #reported = new Set<string>();

  constructor(document: Document, variables: Variables, options: SubstituteDocumentOptions) {
    this.#document = document;
    this.#variables = variables;
    this.#options = options;
    this.#textPaths = options.textPaths ?? defaultTextPaths;
  }

  visit(node: unknown, path: Path, inKey: boolean): void {
    if (isScalar(node)) return this.#visitScalar(node, path, inKey);
    if (!isCollection(node)) return;
    node.items.forEach((item, index) => {
      if (!isPair(item)) return this.visit(item, [...path, index], inKey);
      const step = [...path, isScalar(item.key) ? String(item.key.value) : index];
      this.visit(item.key, step, true);
      this.visit(item.value, step, inKey);
    });
  }

  #visitScalar(scalar: Scalar, path: Path, inKey: boolean): void {
    if (typeof scalar.value !== 'string' || !scalar.value.includes('${')) return;
    if (inKey) return this.#visitKey(scalar, scalar.value, path);
    const { value, faults } = substituteText(scalar.value, this.#variables, this.#budget);
    for (const fault of faults) this.#report(fault, scalar, path);
    if (value === scalar.value) return;
    const isText = scalar.type !== Scalar.PLAIN || scalar.tag === 'tag:yaml.org,2002:str' || this.#isTextPath(path);
    scalar.value = isText ? value : resolvePlain(value, this.#document);
    scalar.source = value;
    this.replacements.push({ scalar, text: value });
  }

  #visitKey(scalar: Scalar, text: string, path: Path): void {
    const pretend = substituteText(text, () => '', { left: Infinity });
    const isPlainText = pretend.faults.length === 0 && pretend.value === text;
    if (!isPlainText)
      this.#report({ kind: 'malformed', offset: text.indexOf('${'), message: 'Variables are not replaced in keys.' }, scalar, path);
  }

  #isTextPath(path: Path): boolean {
    return this.#textPaths.some((prefix) => prefix.length < path.length && prefix.every((step, index) => path[index] === step));
  }

  #report(fault: SubstitutionFault, scalar: Scalar, path: Path): void {
    if (fault.kind !== 'malformed') {
      if (this.#reported.has(fault.message)) return;
      this.#reported.add(fault.message);
    }
    if (this.issues.length > maxIssues) return;
    if (this.issues.length === maxIssues)
      return void this.issues.push({ path: '', message: `There are more than ${maxIssues} such faults.` });
    const place = placeAt(this.#offsetOf(fault, scalar), this.#options.lineCounter);
    this.issues.push({ path: pathText(path), message: fault.message, hint: hintOf(fault, scalar), ...place });
  }

  /** The source may fold, escape or indent what the value shows plainly, but it holds the same `${`s in the same order. */
  #offsetOf(fault: SubstitutionFault, scalar: Scalar): number {
    const [start, end] = scalar.range ?? [0, 0];
    const { source } = this.#options;
    if (source === undefined) return start;
    const before = String(scalar.value).slice(0, fault.offset).split('${').length;
    let offset = start - 1;
    for (let count = 0; count < before; count += 1) {
      offset = source.indexOf('${', offset + 1);
      if (offset === -1 || offset >= end) return start;
    }
    return offset;
  }
}

// In an unquoted scalar ` #` begins a comment, which takes the closing brace with it.
function hintOf({ kind, message }: SubstitutionFault, { type }: Scalar): string | undefined {
  const mayBeCut = kind === 'malformed' && type === Scalar.PLAIN && message === unclosedMessage;
  return mayBeCut ? 'Close it. A value that holds ` #` needs quotes, for a comment begins there.' : undefined;
}
