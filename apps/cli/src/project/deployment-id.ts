// Which deployment is meant: the one named on the command line, else the one that the file belongs to.
import { resolve } from 'node:path';
import { substituteYaml } from '@runlayer/env-substitution';
import { isMap, isScalar } from 'yaml';
import type { CommandContext } from '../context.ts';
import { cliError } from '../error-codes.ts';
import { readConfigFile } from './load-project.ts';
import { findVariables } from './variables.ts';

/** Reads the id; the rest of the file may be faulty. @throws ERR_CLI_ID_MISSING, ERR_CLI_CONFIG_MISSING */
export async function deploymentIdFor(
  { given, file }: { readonly given: string | undefined; readonly file: string },
  { cwd, env }: CommandContext,
): Promise<string> {
  if (given !== undefined) return given;
  const configPath = resolve(cwd, file);
  const source = await readConfigFile(configPath, file);
  const { variables } = await findVariables({ envFile: undefined, configPath, cwd, env });
  const { contents } = substituteYaml(source, variables).document;
  const id = isMap(contents) ? contents.items.find(({ key }) => isScalar(key) && key.value === 'id')?.value : undefined;
  const value = isScalar(id) && typeof id.value === 'string' ? id.value.trim() : '';
  if (value === '' || value.includes('${')) throw cliError('ERR_CLI_ID_MISSING', `${file} names no deployment: it has no \`id\`.`);
  return value;
}
