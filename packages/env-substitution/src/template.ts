// Reads text with ${…} forms into parts: one pass, no lookups, every malformed form reported with its offset.
import { maxDefaultDepth } from './limits.ts';

/** What may stand between the name and the argument of `${NAME:-argument}`. */
export type Operator = ':-' | '-' | ':?' | '?' | ':+' | '+';

/** One `${…}`. */
export interface Expression {
  readonly name: string;
  /** Where its `$` stands in the text. */
  readonly offset: number;
  readonly operator?: Operator;
  /** The default, message or alternative, itself a template. */
  readonly argument: Template;
  /** The argument as written. */
  readonly argumentText: string;
}

/** Plain text and expressions, in order. */
export type Template = readonly (string | Expression)[];

/** A malformed `${…}`. */
export interface TemplateFault {
  readonly offset: number;
  readonly message: string;
}

/** The message of a `${` without its `}`. */
export const unclosedMessage = "'${' is never closed with '}'.";

const operators = [':-', ':?', ':+', '-', '?', '+'] as const;
const namePattern = /[A-Za-z_][A-Za-z0-9_]*/y;

/** Reads `text`; takes time linear in its length. */
export function parseTemplate(text: string): { template: Template; faults: TemplateFault[] } {
  const reader = new TemplateReader(text);
  const template = reader.readTemplate(0);
  return { template, faults: reader.faults };
}

class TemplateReader {
  readonly faults: TemplateFault[] = [];
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Reads to the end of the text or, inside an expression, to the brace that closes it. */
  readTemplate(depth: number): Template {
    const parts: (string | Expression)[] = [];
    let start = this.#at;
    let openBraces = 0;
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at];
      if (character === '$' && this.#text[this.#at + 1] === '{') {
        const textBefore = this.#text.slice(start, this.#at);
        const expression = this.#readExpression(depth);
        if (expression === undefined) {
          openBraces += 1;
          continue;
        }
        parts.push(textBefore, expression);
        start = this.#at;
        continue;
      }
      if (depth > 0 && character === '}') {
        if (openBraces === 0) break;
        openBraces -= 1;
      }
      if (character === '{') openBraces += 1;
      // `$$` stays as it is, and what follows it is text: the platform reads `$$NAME`, not we.
      this.#at += this.#text.startsWith('$$', this.#at) ? 2 : 1;
    }
    parts.push(this.#text.slice(start, this.#at));
    return parts.filter((part) => part !== '');
  }

  /** Reads the expression that starts here, or reports why there is none and steps over its `${`. */
  #readExpression(depth: number): Expression | undefined {
    const offset = this.#at;
    this.#at += 2;
    const name = this.#readName();
    if (name === undefined)
      return this.#refuse(offset, "'${' must be followed by a variable name: letters, digits and '_', not starting with a digit.");
    if (this.#closes()) return { name, offset, argument: [], argumentText: '' };
    if (this.#at >= this.#text.length) return this.#unclosed(offset, depth);
    const operator = operators.find((candidate) => this.#text.startsWith(candidate, this.#at));
    // The name is not shown: where the form is wrong, it may be a piece of a password.
    if (operator === undefined) return this.#refuse(offset, "The name after '${' must be followed by '}' or one of :- - :? ? :+ +.");
    if (depth >= maxDefaultDepth) return this.#refuse(offset, `'\${…}' is nested more than ${maxDefaultDepth} deep.`);
    this.#at += operator.length;
    const argumentStart = this.#at;
    const argument = this.readTemplate(depth + 1);
    const argumentText = this.#text.slice(argumentStart, this.#at);
    return this.#closes() ? { name, offset, operator, argument, argumentText } : this.#unclosed(offset, depth);
  }

  #readName(): string | undefined {
    namePattern.lastIndex = this.#at;
    const name = namePattern.exec(this.#text)?.[0];
    this.#at += name?.length ?? 0;
    return name;
  }

  #closes(): boolean {
    if (this.#text[this.#at] !== '}') return false;
    this.#at += 1;
    return true;
  }

  #refuse(offset: number, message: string): undefined {
    this.faults.push({ offset, message });
    this.#at = offset + 2;
  }

  // The outermost open brace is the one to close; those inside it are open only because of that.
  #unclosed(offset: number, depth: number): undefined {
    if (depth === 0) this.faults.push({ offset, message: unclosedMessage });
  }
}
