// MCP sessions: whose each one is and which instance made it. Of their ids only the hash.
import { index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { moment, organizationId } from './columns.ts';

export const mcpSessions = pgTable(
  'mcp_sessions',
  {
    organizationId: organizationId(),
    /** Id of the deployment or of the connector whose address it was opened at. */
    routeId: uuid('route_id').notNull(),
    /** SHA-256 of the session's id, base64url. */
    fingerprint: text('fingerprint').notNull(),
    /** `user:<id>`, `agent:<id>`, `obo:<agent>:<user>`; `*` for an address that its server gives to every client. */
    principal: text('principal').notNull(),
    /** Name of the instance, or origin of an upstream by address. */
    instance: text('instance').notNull(),
    /** Exact to some minutes. */
    lastUsedAt: moment('last_used_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.routeId, table.fingerprint] }),
    index('mcp_sessions_fingerprint').on(table.organizationId, table.fingerprint),
    index('mcp_sessions_principal').on(table.organizationId, table.principal, table.lastUsedAt),
    index('mcp_sessions_last_used').on(table.organizationId, table.lastUsedAt),
  ],
);
