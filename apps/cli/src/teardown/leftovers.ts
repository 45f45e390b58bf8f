// Looks for anything of a destroyed deployment that is still there.
import type { RunlayerClient } from '@runlayer/api/client';
import { cliError } from '../error-codes.ts';

/** Looks again. @returns what was looked at @throws ERR_CLI_LEFTOVERS naming what is left */
export async function leftovers(id: string, client: RunlayerClient): Promise<string[]> {
  const record = await client.deployments.get(id);
  const listed = await client.deployments.list({ limit: 500 });
  const left = [
    ...(record.deletion_status === 'deleted' ? [] : [`the deployment, ${record.deletion_status ?? record.state}`]),
    ...record.connected_servers.map(({ name }) => `the connector ${name}`),
    ...(listed.data.some((deployment) => deployment.id === id) ? ['its entry in the list of deployments'] : []),
  ];
  if (left.length > 0)
    throw cliError('ERR_CLI_LEFTOVERS', `The deployment ${id} is destroyed, but something is left: ${left.join(', ')}.`, {
      data: { left },
    });
  return ['containers and images (by the platform)', 'connectors', 'list of deployments'];
}
