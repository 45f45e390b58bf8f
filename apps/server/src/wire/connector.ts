// A connector as the wire shows it.
import type { WireServer } from '@runlayer/api';
import type { Connector } from '@runlayer/control-plane';

/** One connector; `platformUrl` is the base of its address. */
export function wireServer(connector: Connector, platformUrl: string): WireServer {
  return {
    id: connector.id,
    name: connector.name,
    description: connector.description,
    icon: connector.icon,
    icon_url: connector.icon !== null && /^https?:\/\//.test(connector.icon) ? connector.icon : null,
    status: 'active',
    transport: connector.transport,
    deployment_mode: 'hosted',
    deployment_id: connector.deploymentId,
    url: connector.url,
    mcp_url: `${platformUrl}/api/v1/proxy/${connector.id}/mcp`,
    identity_forward: { ...connector.identityForward },
    created_by: connector.createdBy,
    created_at: connector.createdAt,
    updated_at: connector.updatedAt,
  };
}
