// From the file to a checked configuration: variables filled in, every fault listed, nothing sent.
import { dirname, relative, resolve } from 'node:path';
import { type Config, parseConfig } from '@runlayer/config-schema';
import { substituteYaml } from '@runlayer/env-substitution';
import { formatIssue, type Issue } from '@runlayer/errors';
import type { CommandContext } from '../context.ts';
import { cliError } from '../error-codes.ts';
import type { Report } from '../output/report.ts';
import { readText } from './read-text.ts';
import { findVariables } from './variables.ts';

/** A project as its file describes it. Holds secrets. */
export interface Project {
  /** The file as the person named it. */
  readonly file: string;
  /** Its absolute path. */
  readonly path: string;
  /** The folder that paths of the file are relative to. */
  readonly folder: string;
  /** The file after substitution: what is sent. */
  readonly text: string;
  readonly config: Config;
  /** What was warned of already. */
  readonly warnings: readonly Issue[];
}

/** The files to read. */
export interface ProjectFiles {
  readonly file: string;
  readonly envFile: string | undefined;
}

/** Reads, substitutes and checks. @throws ERR_CLI_CONFIG_MISSING, ERR_CLI_CONFIG_INVALID with every fault, ERR_CLI_FILE_UNREADABLE */
export async function loadProject({ file, envFile }: ProjectFiles, { cwd, env }: CommandContext, report: Report): Promise<Project> {
  const path = resolve(cwd, file);
  const source = await readConfigFile(path, file);
  const found = await findVariables({ envFile, configPath: path, cwd, env });
  if (found.file !== undefined)
    report.event({ type: 'env_file', path: found.file }, `Variables: ${relative(cwd, found.file) || found.file}`);
  const substituted = substituteYaml(source, found.variables);
  const { config, issues, warnings } = parseConfig(substituted);
  const faults = everyFault(substituted.issues, issues);
  if (config === undefined || faults.length > 0) throw invalid(file, faults, missingHint(substituted.issues));
  for (const warning of warnings) report.warn(formatIssue(warning, file));
  return { file, path, folder: dirname(path), text: substituted.text, config, warnings };
}

/** Faults of both readings from top to bottom; a value that could not be filled in is not also judged. */
function everyFault(substitution: readonly Issue[], configuration: readonly Issue[]): Issue[] {
  const unfilled = new Set(substitution.map(({ path }) => path));
  const others = configuration.filter(({ path }) => !unfilled.has(path));
  return [...substitution, ...others].toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}

/** The text of a configuration. @throws ERR_CLI_CONFIG_MISSING */
export async function readConfigFile(path: string, file: string): Promise<string> {
  const source = await readText(path, file);
  if (source === undefined) throw cliError('ERR_CLI_CONFIG_MISSING', `There is no file ${file}.`);
  return source;
}

/** The error of a faulty file. */
export function invalid(file: string, issues: readonly Issue[], hint?: string): Error {
  const count = issues.length === 1 ? 'a fault' : `${issues.length} faults`;
  return cliError('ERR_CLI_CONFIG_INVALID', `${file} has ${count}. Nothing was sent.`, { issues, hint, data: { file } });
}

function missingHint(issues: readonly Issue[]): string | undefined {
  if (!issues.some(({ message }) => message.startsWith('Required environment variable'))) return undefined;
  return 'Set the variables in the environment or in the .env file, or give them a default: ${NAME:-default}.';
}
