// The story of `init`: everything that can be wrong here is found before the record is made.
import { access, constants, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { RunlayerClient } from '@runlayer/api/client';
import type { CommandContext } from '../context.ts';
import { cliError } from '../error-codes.ts';
import type { Report } from '../output/report.ts';
import { askText } from '../prompts.ts';
import { checkName, nameFault } from './deployment-name.ts';

/** What to make. */
export interface InitOptions {
  readonly name: string | undefined;
  readonly file: string;
  readonly connect: () => Promise<RunlayerClient>;
}

/** What was made. */
export interface InitializedProject {
  readonly id: string;
  readonly name: string;
  readonly path: string;
}

/** Creates the record and writes its template. @throws ERR_CLI_NAME_INVALID, ERR_CLI_CONFIG_EXISTS, ERR_CLI_FILE_NOT_WRITTEN */
export async function initProject(
  { name, file, connect }: InitOptions,
  context: CommandContext,
  report: Report,
): Promise<InitializedProject> {
  if (name !== undefined) checkName(name);
  const path = resolve(context.cwd, file);
  await checkTarget(path, file);
  const chosen = name ?? (await askName(context));
  const client = await connect();
  const record = await report.working('Creating the deployment', () => client.deployments.create({ name: chosen }));
  const text = record.template_yaml || (await ownTemplate(record.id, chosen));
  await writeFile(path, text, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    throw cliError('ERR_CLI_FILE_NOT_WRITTEN', `The deployment ${record.id} exists, but ${file} could not be written: ${error.code}.`, {
      hint: `Fetch its file with \`runlayer deploy pull --deployment-id ${record.id} --config <file>\`.`,
      data: { deployment_id: record.id },
      cause: error,
    });
  });
  return { id: record.id, name: record.name, path };
}

async function askName({ isTerminal }: CommandContext): Promise<string> {
  if (!isTerminal) throw cliError('ERR_CLI_USAGE', 'There is no terminal to ask for the name on.', { hint: 'Give it with --name.' });
  return await askText('Name of the deployment (a-z, 0-9, - and _)', nameFault);
}

async function checkTarget(path: string, file: string): Promise<void> {
  const folder = dirname(path);
  const present = await stat(folder).catch(() => undefined);
  if (present?.isDirectory() !== true)
    throw cliError('ERR_CLI_USAGE', `The folder of ${file} does not exist.`, { hint: `Make it first: mkdir -p ${folder}` });
  if (
    await stat(path).then(
      () => true,
      () => false,
    )
  )
    throw cliError('ERR_CLI_CONFIG_EXISTS', `${file} exists already.`);
  await access(folder, constants.W_OK).catch((cause: unknown) => {
    throw cliError('ERR_CLI_FILE_NOT_WRITTEN', `You may not write to ${folder}.`, { cause });
  });
}

async function ownTemplate(id: string, name: string): Promise<string> {
  const { templateYaml } = await import('@runlayer/config-schema');
  return templateYaml({ id, name, platform: 'x86' });
}
