// Registers the deployment as a connector whose upstream is told who calls.
import type { Platform } from '@runlayer/local-platform';
import { show } from './report.ts';

export interface Connector {
  readonly id: string;
  /** Address that MCP clients are given. */
  readonly url: string;
}

export async function registerConnector(platform: Platform, deploymentId: string): Promise<Connector> {
  const { id } = await platform.api<{ id: string }>('POST', '/servers', {
    name: 'notes',
    deployment_id: deploymentId,
    transport: 'streaming-http',
  });
  await platform.api('PATCH', `/servers/${id}`, { identity_forward: { headers: true, token: true } });
  const url = `${platform.url}/api/v1/proxy/${id}/mcp`;
  show(`MCP clients connect to ${url}`);
  return { id, url };
}
