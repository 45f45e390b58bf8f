// Connectors: MCP servers reachable through the proxy, made from a deployment or by address.
import { sql } from 'drizzle-orm';
import { bigint, boolean, check, index, json, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import type { Transport } from '../connectors/connector.ts';
import type { Actor } from '../principal.ts';
import { moment, organizationId } from './columns.ts';
import { deployments } from './deployments.ts';

export const connectors = pgTable(
  'connectors',
  {
    id: uuid('id').primaryKey(),
    organizationId: organizationId(),
    name: text('name').notNull(),
    description: text('description'),
    icon: text('icon'),
    deploymentId: uuid('deployment_id').references(() => deployments.id),
    url: text('url'),
    transport: text('transport').$type<Transport>().notNull(),
    forwardHeaders: boolean('forward_headers').notNull().default(false),
    forwardToken: boolean('forward_token').notNull().default(false),
    routeRevision: bigint('route_revision', { mode: 'number' }).notNull().default(0),
    createdBy: json('created_by').$type<Actor>().notNull(),
    createdAt: moment('created_at').notNull(),
    updatedAt: moment('updated_at').notNull(),
  },
  (table) => [
    check('connectors_one_target', sql`(${table.deploymentId} is null) <> (${table.url} is null)`),
    index('connectors_deployment').on(table.deploymentId),
    index('connectors_route_revision').on(table.routeRevision),
  ],
);
