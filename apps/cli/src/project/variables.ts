// The values for `${VAR}`: the process environment, and one .env file that wins over it.
import { dirname, join, resolve } from 'node:path';
import { parseDotenv, variablesFrom, type Variables } from '@runlayer/env-substitution';
import { cliError } from '../error-codes.ts';
import { readText } from './read-text.ts';

/** Where to look. */
export interface VariableSources {
  /** Value of `--env-file`. */
  readonly envFile: string | undefined;
  /** Absolute path of the configuration. */
  readonly configPath: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What was found. */
export interface FoundVariables {
  readonly variables: Variables;
  /** Absolute path of the .env file, if any. */
  readonly file: string | undefined;
}

/** Files to try, the first one that exists counts: the named one, else `.env` beside the configuration, else in the working folder. */
export function dotenvPlaces({ envFile, configPath, cwd }: Omit<VariableSources, 'env'>): string[] {
  if (envFile !== undefined) return [resolve(cwd, envFile)];
  return [...new Set([join(dirname(configPath), '.env'), join(cwd, '.env')])];
}

/** Reads the variables. @throws ERR_CLI_FILE_UNREADABLE when the named file is missing */
export async function findVariables(sources: VariableSources): Promise<FoundVariables> {
  for (const file of dotenvPlaces(sources)) {
    const text = await readText(file);
    if (text !== undefined) return { variables: variablesFrom(sources.env, parseDotenv(text, sources.env)), file };
  }
  if (sources.envFile !== undefined) throw cliError('ERR_CLI_FILE_UNREADABLE', `The file of variables ${sources.envFile} does not exist.`);
  return { variables: variablesFrom(sources.env), file: undefined };
}
