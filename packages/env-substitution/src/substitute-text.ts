// Substitutes one text: what the rules of ${…} come to, apart from YAML.
import { maxYamlCharacters } from './limits.ts';
import { shown } from './shown.ts';
import { parseTemplate, type Expression, type Template } from './template.ts';
import type { Variables } from './variables.ts';

/** Why a `${…}` could not be replaced. */
export interface SubstitutionFault {
  /** `unset`: a required variable has no value. `malformed`: not a form of `${…}`. `too-large`: the result outgrows the limit. */
  readonly kind: 'unset' | 'malformed' | 'too-large';
  /** One sentence; never holds a variable's value. */
  readonly message: string;
  /** Where the `$` stands in the template, counted from 0. */
  readonly offset: number;
  /** The variable, where one is meant. */
  readonly name?: string;
}

/** Counts down the characters that one document may still grow by. */
export interface Budget {
  left: number;
}

/**
 * Replaces every `${…}` of one text, as Docker Compose does: `${A}`, `${A:-default}`, `${A-default}`, `${A:?message}`, `${A?message}`,
 * `${A:+alternative}`, `${A+alternative}`, nested in each other as wanted. `$$NAME`, `$${…}`, `$NAME` and a lone `$` stay as they are.
 * Values are not read again: a `${…}` inside a value is text. With faults, `value` is the template unchanged.
 *
 * @see https://docs.docker.com/reference/compose-file/interpolation/
 */
export function substituteText(
  template: string,
  variables: Variables,
  budget: Budget = { left: maxYamlCharacters },
): { value: string; faults: SubstitutionFault[] } {
  if (!template.includes('${')) return { value: template, faults: [] };
  const parsed = parseTemplate(template);
  const faults: SubstitutionFault[] = parsed.faults.map((fault) => ({ kind: 'malformed', ...fault }));
  const value = evaluate(parsed.template, { variables, faults, budget });
  return { value: faults.length === 0 ? value : template, faults: faults.toSorted((one, other) => one.offset - other.offset) };
}

interface Evaluation {
  readonly variables: Variables;
  readonly faults: SubstitutionFault[];
  readonly budget: Budget;
}

function evaluate(template: Template, evaluation: Evaluation): string {
  return template.map((part) => (typeof part === 'string' ? part : replace(part, evaluation))).join('');
}

function replace(expression: Expression, evaluation: Evaluation): string {
  const value = evaluation.variables(expression.name);
  const operator = expression.operator ?? '?';
  const present = operator.startsWith(':') ? value !== undefined && value !== '' : value !== undefined;
  if (operator.endsWith('+')) return present ? evaluate(expression.argument, evaluation) : '';
  if (present) return spend(value ?? '', expression, evaluation);
  if (operator.endsWith('-')) return evaluate(expression.argument, evaluation);
  evaluation.faults.push({ kind: 'unset', name: expression.name, offset: expression.offset, message: unsetMessage(expression, value) });
  return '';
}

function unsetMessage({ name, argumentText }: Expression, value: string | undefined): string {
  const problem = `Required environment variable '${shown(name, 128)}' is ${value === undefined ? 'not set' : 'empty'}`;
  return argumentText === '' ? `${problem}.` : `${problem}: ${shown(argumentText, 300)}`;
}

function spend(value: string, { name, offset }: Expression, { budget, faults }: Evaluation): string {
  budget.left -= value.length;
  if (budget.left >= 0) return value;
  const message = `The values put in for variables come to more than ${maxYamlCharacters} characters.`;
  faults.push({ kind: 'too-large', name, offset, message });
  return '';
}
