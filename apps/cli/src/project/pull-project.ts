// The story of `pull`: fetch, bring into the file that is there, back up, replace.
import { relative, resolve } from 'node:path';
import type { RunlayerClient } from '@runlayer/api/client';
import { mergePulled } from '@runlayer/config-schema';
import type { CommandContext } from '../context.ts';
import { refuseDeleted } from '../deploy/refuse-deleted.ts';
import { cliError } from '../error-codes.ts';
import type { Report } from '../output/report.ts';
import { backUp } from './backup.ts';
import { readText } from './read-text.ts';
import { writeAtomically } from './write-atomically.ts';

/** What to fetch, and where to. */
export interface PullOptions {
  readonly id: string;
  readonly file: string;
  readonly client: RunlayerClient;
}

/** What was written. */
export interface PulledProject {
  readonly path: string;
  /** The copy of the file as it was; `undefined` when there was none. */
  readonly backup: string | undefined;
}

/** Writes the stored configuration. Whatever fails, the old file stays as it was. @throws ERR_CLI_DEPLOYMENT_DELETED, ERR_CLI_EXPORT_EMPTY */
export async function pullProject({ id, file, client }: PullOptions, { cwd }: CommandContext, report: Report): Promise<PulledProject> {
  const pulled = await report.working('Fetching the configuration', async () => {
    refuseDeleted(await client.deployments.get(id));
    return await client.deployments.exportYaml(id);
  });
  if (typeof pulled !== 'string' || pulled.trim() === '')
    throw cliError('ERR_CLI_EXPORT_EMPTY', `The deployment ${id} has no configuration.`);
  const path = resolve(cwd, file);
  const local = await readText(path, file);
  const backup = local === undefined ? undefined : await backUp(path);
  await writeAtomically(path, local === undefined ? pulled : mergePulled(local, pulled));
  return { path, backup: backup === undefined ? undefined : relative(cwd, backup) };
}
