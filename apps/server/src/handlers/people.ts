// Handlers of people, agent accounts, API keys and the audit log.
import { contract } from '@runlayer/api';
import type { ApiKeyOwner, Principal } from '@runlayer/control-plane';
import { fail } from '../error-codes.ts';
import type { App } from '../http/environment.ts';
import { pageRequest, wirePage } from '../wire/page.ts';
import { wireAgent, wireApiKey, wireAuditEvent, wireMe, wireUser } from '../wire/people.ts';
import type { Parts } from './parts.ts';

/** Registers the routes of people, agents, keys and audit. */
export function registerPeople(app: App, { controlPlane: { people, audit, apiKeys } }: Parts): void {
  app.openapi(contract.getMe, (c) => c.json(wireMe(c.get('principal')), 200));
  app.openapi(contract.listUsers, async (c) =>
    c.json(wirePage(await people.listUsers(c.get('principal'), pageRequest(c.req.valid('query'))), wireUser), 200),
  );
  app.openapi(contract.createUser, async (c) => c.json(wireUser(await people.createUser(c.get('principal'), c.req.valid('json'))), 201));
  app.openapi(contract.patchUser, async (c) =>
    c.json(wireUser(await people.updateUser(c.get('principal'), c.req.valid('param').id, c.req.valid('json'))), 200),
  );
  app.openapi(contract.listAgents, async (c) =>
    c.json(wirePage(await people.listAgents(c.get('principal'), pageRequest(c.req.valid('query'))), wireAgent), 200),
  );
  app.openapi(contract.createAgent, async (c) => c.json(wireAgent(await people.createAgent(c.get('principal'), c.req.valid('json'))), 201));
  app.openapi(contract.patchAgent, async (c) =>
    c.json(wireAgent(await people.updateAgent(c.get('principal'), c.req.valid('param').id, c.req.valid('json'))), 200),
  );
  app.openapi(contract.listApiKeys, async (c) =>
    c.json(wirePage(await apiKeys.list(c.get('principal'), pageRequest(c.req.valid('query'))), wireApiKey), 200),
  );
  app.openapi(contract.createApiKey, async (c) => {
    const { name, role, expires_at, ...given } = c.req.valid('json');
    const owner = ownerOf(given, c.get('principal'));
    const { key, secret } = await apiKeys.create(c.get('principal'), { name, owner, role, expiresAt: expires_at });
    return c.json({ ...wireApiKey(key), api_key: secret }, 201);
  });
  app.openapi(contract.revokeApiKey, async (c) => {
    await apiKeys.revoke(c.get('principal'), c.req.valid('param').id);
    return c.body(null, 204);
  });
  app.openapi(contract.listAuditEvents, async (c) =>
    c.json(wirePage(await audit.list(c.get('principal'), pageRequest(c.req.valid('query'))), wireAuditEvent), 200),
  );
}

interface GivenOwner {
  owner: ApiKeyOwner['type'];
  user_id?: string | undefined;
  agent_id?: string | undefined;
}

/** Whose key is asked for; a person's without an id is the caller's own. */
function ownerOf({ owner, user_id, agent_id }: GivenOwner, principal: Principal): ApiKeyOwner {
  if (owner === 'organization') return { type: 'organization' };
  if (owner === 'agent') {
    if (agent_id === undefined) throw fail('ERR_REQUEST_INVALID', 'agent_id: Required for the key of an agent account.');
    return { type: 'agent', agentId: agent_id };
  }
  const userId = user_id ?? (principal.type === 'user' ? principal.userId : undefined);
  if (userId === undefined) throw fail('ERR_REQUEST_INVALID', 'user_id: Required, because the caller is not a person.');
  return { type: 'user', userId };
}
