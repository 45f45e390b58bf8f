// Where the values come from: the process environment, overridden by a .env file.

/** A process environment, such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Looks a variable up; `undefined` means unset, which differs from empty. */
export type Variables = (name: string) => string | undefined;

/**
 * Variables of an environment and a `.env` file. The file wins, as in the published client;
 * a name that the file lists without a value falls back to the environment.
 *
 * @example
 * const variables = variablesFrom(process.env, parseDotenv('PORT=8000'));
 * variables('PORT'); // '8000'
 */
export function variablesFrom(environment: Environment, dotenv: ReadonlyMap<string, string | undefined> = new Map()): Variables {
  return (name) => dotenv.get(name) ?? (Object.hasOwn(environment, name) ? environment[name] : undefined);
}
