// Whether a condition holds for a request, by the rules of IAM.
import type { Condition } from './statement.ts';
import { type TrustRequest, valuesOf } from './trust-request.ts';
import { type Verdict, verdict } from './verdict.ts';

type Test = (value: string, pattern: string) => boolean;

const sameText: Test = (value, pattern) => value === pattern;
const sameLetters: Test = (value, pattern) => value.toLowerCase() === pattern.toLowerCase();

const tests: Readonly<Record<string, Test>> = {
  stringequals: sameText,
  stringequalsignorecase: sameLetters,
  stringlike: like,
  arnequals: arnLike,
  arnlike: arnLike,
  bool: sameLetters,
};

const opposites: Readonly<Record<string, string>> = {
  stringnotequals: 'stringequals',
  stringnotequalsignorecase: 'stringequalsignorecase',
  stringnotlike: 'stringlike',
  arnnotequals: 'arnequals',
  arnnotlike: 'arnlike',
};

/**
 * One operator on one key: any of its values has to match, or with a negated operator none.
 * `unknown` for keys, operators and policy variables that cannot be judged from here.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 */
export function conditionHolds(condition: Condition, request: TrustRequest): Verdict {
  const possible = valuesOf(condition.key, request);
  if (possible === undefined || condition.values.some((value) => value.includes('${'))) return 'unknown';
  const outcomes = new Set(possible.map((value) => holdsFor(value, condition)));
  return outcomes.size === 1 ? ([...outcomes][0] ?? 'unknown') : 'unknown';
}

function holdsFor(value: string | undefined, { operator, values }: Condition): Verdict {
  const [, set = '', name = '', ifExists] = /^(?:(forallvalues|foranyvalue):)?(.*?)(ifexists)?$/.exec(operator.toLowerCase()) ?? [];
  if (name === 'null') return verdict(values.some((expected) => sameLetters(String(value === undefined), expected)));
  const positive = opposites[name] ?? name;
  const test = tests[positive];
  if (test === undefined) return 'unknown';
  const isNegated = positive !== name;
  if (value === undefined) return verdict(ifExists !== undefined || set === 'forallvalues' || (isNegated && set === ''));
  return verdict(values.some((pattern) => test(value, pattern)) !== isNegated);
}

/** Whether a text is of a pattern: `*` stands for any text, `?` for one character. Takes no longer than the product of both lengths. */
export function like(value: string, pattern: string): boolean {
  let [at, of] = [0, 0];
  let [star, resume] = [-1, 0];
  while (at < value.length) {
    if (pattern[of] === '*') {
      star = of;
      of += 1;
      resume = at;
    } else if (pattern[of] === '?' || pattern[of] === value[at]) {
      at += 1;
      of += 1;
    } else if (star >= 0) {
      // The last star takes one character more.
      of = star + 1;
      resume += 1;
      at = resume;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(of));
}

/** Each of the six parts by itself: a `*` does not reach over a colon. */
function arnLike(value: string, pattern: string): boolean {
  const [given, wanted] = [value, pattern].map((arn) => sixParts(arn));
  return given?.length === 6 && wanted?.length === 6 && given.every((part, index) => like(part, wanted[index] ?? ''));
}

function sixParts(arn: string): string[] {
  const parts = arn.split(':');
  return parts.length < 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
}
