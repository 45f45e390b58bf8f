// Every table, for drizzle and for the migration generator.
export { organizations } from './organizations.ts';
export { agents, users } from './people.ts';
export { apiKeys } from './api-keys.ts';
export { deployments } from './deployments.ts';
export { releaseLog, releases } from './releases.ts';
export { jobs } from './jobs.ts';
export { connectors } from './connectors.ts';
export { mcpSessions } from './mcp-sessions.ts';
export { auditEvents } from './audit.ts';
export { sealCanaries, signingKeys } from './signing-keys.ts';
