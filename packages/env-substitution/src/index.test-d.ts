// Compiled by the typecheck only: what the public types allow, and what they refuse.
import {
  parseDotenv,
  substituteText,
  substituteYaml,
  substitutionError,
  variablesFrom,
  type SubstitutedYaml,
  type Variables,
} from './index.ts';

const variables: Variables = variablesFrom(process.env, parseDotenv('A=1', process.env));
const result: SubstitutedYaml = substituteYaml('a: ${A}', variables);
export const error: Error = substitutionError(result.issues);
export const value: string = substituteText('${A}', () => undefined).value;

// @ts-expect-error: an environment is looked up through a function, so that unset and empty differ
substituteYaml('a: ${A}', process.env);
// @ts-expect-error: the result cannot be changed
result.text = '';
// @ts-expect-error: a variable is text
variablesFrom({ PORT: 8000 });
