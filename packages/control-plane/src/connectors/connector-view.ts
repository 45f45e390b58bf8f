// A connector's row as callers and the audit log see it.
import { fail } from '../error-codes.ts';
import type { connectors } from '../schema/index.ts';
import type { Connector, Transport } from './connector.ts';

/** A row of `connectors`. */
export type ConnectorRow = typeof connectors.$inferSelect;

/** As callers see it. */
export function toConnector(row: ConnectorRow): Connector {
  const { id, organizationId, name, description, icon, deploymentId, url, transport } = row;
  return {
    id,
    organizationId,
    name,
    description,
    icon,
    deploymentId,
    url,
    transport,
    identityForward: { headers: row.forwardHeaders, token: row.forwardToken },
    createdBy: row.createdBy.name,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** The fields that the audit log compares. The query of an address may hold a key, so it is left out. */
export function auditedFields(row: ConnectorRow): Record<string, unknown> {
  return {
    name: row.name,
    description: row.description,
    icon: row.icon,
    deployment_id: row.deploymentId,
    url: row.url === null ? null : row.url.replace(/\?.*$/s, ''),
    transport: row.transport,
    identity_forward_headers: row.forwardHeaders,
    identity_forward_token: row.forwardToken,
  };
}

/** Throws `ERR_CONNECTOR_INVALID` for anything that is no transport. */
export function transportOf(value: unknown): Transport | undefined {
  if (value === undefined || value === 'streaming-http' || value === 'sse') return value;
  throw fail('ERR_CONNECTOR_INVALID', 'The transport of a connector is streaming-http or sse.');
}
