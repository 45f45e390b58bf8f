// The record of the deployment on the server: found by the id of the file, or made and written into it.
import type { Schemas } from '@runlayer/api/client';
import { setId } from '@runlayer/config-schema';
import { cliError } from '../error-codes.ts';
import { readConfigFile, type Project } from '../project/load-project.ts';
import { writeAtomically } from '../project/write-atomically.ts';
import { refuseDeleted } from './refuse-deleted.ts';
import type { DeployWorld } from './world.ts';

/** The record that the file names; `undefined` when the file has no id. @throws ERR_CLI_DEPLOYMENT_DELETED */
export async function findRecord({ config }: Project, { client, signal }: DeployWorld): Promise<Schemas['Deployment'] | undefined> {
  if (config.id === undefined) return undefined;
  const record = await client.deployments.get(config.id, { signal });
  refuseDeleted(record);
  return record;
}

/** Makes a record and writes its id into the file, comments kept. */
export async function createRecord(project: Project, { client, report, signal }: DeployWorld): Promise<Schemas['Deployment']> {
  const record = await report.working('Creating the deployment', () =>
    client.deployments.create({ name: project.config.name }, { signal }),
  );
  await writeId(project, record.id);
  report.event(
    { type: 'created', deployment_id: record.id },
    `Created the deployment ${record.name}; its id ${record.id} is in ${project.file} now.`,
  );
  return record;
}

/** The file is read again: a build may have taken minutes, and somebody may have edited it meanwhile. */
async function writeId({ path, file }: Project, id: string): Promise<void> {
  try {
    await writeAtomically(path, setId(await readConfigFile(path, file), id));
  } catch (cause) {
    throw cliError('ERR_CLI_FILE_NOT_WRITTEN', `The deployment ${id} exists, but its id could not be written into ${file}.`, {
      hint: `Write \`id: ${id}\` at the top of the file, then deploy again.`,
      data: { deployment_id: id },
      cause,
    });
  }
}
