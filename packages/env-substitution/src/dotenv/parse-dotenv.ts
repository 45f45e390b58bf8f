// Reads a .env file as python-dotenv does, the reader of the published client; other dialects differ in quotes and escapes.
import { substitutionFailure } from '../error-codes.ts';
import { maxDotenvCharacters } from '../limits.ts';
import type { Environment } from '../variables.ts';
import { dotenvBindings } from './dotenv-bindings.ts';
import { interpolate } from './interpolate.ts';

/**
 * The variables of a `.env` file, in python-dotenv's dialect: `export`, single and double quotes (which may span lines), escapes in double
 * quotes, comments, a byte order mark, `${NAME}` and `${NAME:-default}` of variables above or of `environment`. A name without `=` is
 * `undefined`. A later line wins. A line that cannot be read is left out, as there.
 *
 * @param environment Where `${NAME}` is looked up when the file has not set it above. Default: nothing is set.
 * @throws `ERR_SUBSTITUTION_DOTENV_TOO_LARGE` when the file, or what its variables expand to, is above 1 Mi characters.
 * @see https://github.com/theskumar/python-dotenv
 */
export function parseDotenv(text: string, environment: Environment = {}): Map<string, string | undefined> {
  if (text.length > maxDotenvCharacters)
    throw tooLarge(`The .env file has ${text.length} characters; the limit is ${maxDotenvCharacters}.`);
  const values = new Map<string, string | undefined>();
  let left = maxDotenvCharacters;
  for (const { name, value } of dotenvBindings(text)) {
    const result = value === undefined ? undefined : interpolate(value, (other) => lookUp(other, values, environment), left);
    left -= result?.length ?? 0;
    if (left < 0) throw tooLarge(`The values of the .env file expand to more than ${maxDotenvCharacters} characters.`);
    values.set(name, result);
  }
  return values;
}

// A name the file has listed without a value hides the environment's, as there.
function lookUp(
  name: string,
  values: ReadonlyMap<string, string | undefined>,
  environment: Environment,
): { value: string | undefined } | undefined {
  if (values.has(name)) return { value: values.get(name) };
  const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
  return value === undefined ? undefined : { value };
}

function tooLarge(message: string): Error {
  return substitutionFailure('ERR_SUBSTITUTION_DOTENV_TOO_LARGE', message);
}
