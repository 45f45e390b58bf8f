// The story of a teardown: look, ask, ask the server, wait, look again.
import type { RunlayerClient, Schemas } from '@runlayer/api/client';
import type { CommandContext } from '../context.ts';
import type { Ended } from '../deploy/world.ts';
import type { Report } from '../output/report.ts';
import { decide, type Wishes } from './decide.ts';
import { leftovers } from './leftovers.ts';
import { awaitDeleted } from './await-deleted.ts';

/** What the steps work with. */
export interface TeardownWorld {
  readonly client: RunlayerClient;
  readonly context: CommandContext;
  readonly report: Report;
}

/** What the command line wishes. */
export interface DestroyOptions extends Wishes {
  readonly dryRun: boolean;
  readonly timeoutSeconds: number;
}

/**
 * Takes a deployment down. One that is deleted already is a good end too.
 * @throws ERR_CLI_CONNECTORS_ATTACHED, ERR_CLI_USAGE without `--yes` and a terminal, ERR_CLI_UNFINISHED, ERR_CLI_LEFTOVERS
 */
export async function destroyDeployment(id: string, options: DestroyOptions, world: TeardownWorld): Promise<Ended> {
  const { client, context, report } = world;
  const record = await client.deployments.get(id);
  const facts = { deployment_id: id, name: record.name };
  if (record.deletion_status === 'deleted')
    return { value: { ...facts, status: 'deleted', left: [] }, text: `The deployment ${record.name} (${id}) is already deleted.` };
  if (options.dryRun)
    return { value: { ...facts, status: 'dry_run', connectors: record.connected_servers }, text: dryRunText(record, options.deleteAll) };
  if (record.deletion_status === null) {
    const decision = await decide(record, options, context);
    if (!decision.goOn) return { value: { ...facts, status: 'kept' }, text: 'Nothing was destroyed.' };
    await client.deployments.destroy(id, { deleteConnectors: decision.deleteConnectors });
  }
  const signal = context.listenForInterrupt();
  await report.working(`Taking down ${record.name}`, (progress) =>
    awaitDeleted(id, { client, signal, timeoutSeconds: options.timeoutSeconds, progress }),
  );
  const checked = await leftovers(id, client);
  return {
    value: { ...facts, status: 'deleted', left: [], checked },
    text: `Destroyed ${record.name} (${id}).\nChecked what is left: ${checked.join(', ')}: nothing.`,
  };
}

function dryRunText({ id, name, state, connected_servers, deployment_url }: Schemas['Deployment'], deleteAll: boolean): string {
  const connectors = connected_servers.map((connector) => `  connector   ${connector.name} (${connector.id})`);
  const refused =
    connectors.length > 0 && !deleteAll ? ['It would be refused while these connectors are attached; --delete-all deletes them too.'] : [];
  return [
    'Would take down:',
    `  deployment  ${name} (${id}), ${state}`,
    `  address     ${deployment_url}`,
    '  container, image, network and stored secrets of it',
    ...connectors,
    ...refused,
    'Nothing was done.',
  ].join('\n');
}
