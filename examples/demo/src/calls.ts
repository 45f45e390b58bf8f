// Calls the notes server as a person, as an agent, and as somebody who pretends.
import { generateSigningKey, createSigner } from '@runlayer/identity-forward/sign';
import type { Platform } from '@runlayer/local-platform';
import type Docker from 'dockerode';
import type { Deployed } from './deploy.ts';
import { callTool, withClient } from './mcp.ts';
import type { Connector } from './register.ts';
import { expect, show } from './report.ts';

/** A person of the organization, with the key their MCP client was given. */
export interface User {
  readonly id: string;
  readonly email: string;
  readonly key: string;
}

export async function callAsUser(platform: Platform, connector: Connector): Promise<User> {
  const email = 'ada@example.com';
  const { id } = await platform.api<{ id: string }>('POST', '/users', { email, name: 'Ada', role: 'member' });
  const key = await issueKey(platform, { type: 'user', id });
  await withClient(connector.url, { 'x-runlayer-api-key': key }, async (client) => {
    const { tools } = await client.listTools();
    show(`tools: ${tools.map(({ name }) => name).join(', ')}`);
    await callTool(client, 'add_note', { text: 'Ask the proxy who is calling.' });
    show(`list_notes: ${(await callTool(client, 'list_notes')).text}`);
    const who = await callTool(client, 'whoami');
    show(`whoami: ${who.text}`);
    expect(!who.isError && who.text.includes(id) && who.text.includes(email), `the server verified that ${email} calls`);
  });
  return { id, email, key };
}

export async function callAsAgent(platform: Platform, connector: Connector): Promise<void> {
  const name = 'Night Watch 夜警';
  const { id } = await platform.api<{ id: string }>('POST', '/agents', { name });
  const key = await issueKey(platform, { type: 'agent', id });
  await withClient(connector.url, { authorization: `Bearer ${key}` }, async (client) => {
    const who = await callTool(client, 'whoami');
    show(`whoami: ${who.text}`);
    expect(!who.isError && who.text.includes(id) && who.text.includes(name), `the server verified that the agent ${name} calls`);
    const notes = await callTool(client, 'list_notes');
    expect(!notes.text.includes('Ask the proxy'), "the agent does not see the person's notes");
  });
}

export async function refuseForgeries(
  docker: Docker,
  platform: Platform,
  connector: Connector,
  deployment: Deployed,
  user: User,
): Promise<void> {
  const nobody = await fetch(connector.url, { method: 'POST' });
  expect(nobody.status === 401, 'without a key the proxy answers 401');

  const forged = forgeToken(platform.url, connector.id, user);
  const spoofed = { 'x-runlayer-api-key': user.key, 'X-Runlayer-User-Email': 'boss@example.com', 'X-Runlayer-Identity-Token': forged };
  await withClient(connector.url, spoofed, async (client) => {
    const who = await callTool(client, 'whoami');
    expect(who.text.includes(user.email) && !who.text.includes('boss@'), 'identity headers made up by a caller never reach the server');
  });

  const inside = await privateAddress(docker, deployment.id);
  await withClient(inside, { 'X-Runlayer-Identity-Token': forged }, async (client) => {
    const who = await callTool(client, 'whoami');
    show(`whoami with a token of another key, past the proxy: ${who.text}`);
    expect(who.isError && !who.text.includes('boss@'), 'the server refuses a token that the platform did not sign');
  });
}

async function issueKey(platform: Platform, owner: { type: 'user' | 'agent'; id: string }): Promise<string> {
  const { api_key } = await platform.api<{ api_key: string }>('POST', '/api-keys', {
    name: 'demo',
    owner: owner.type,
    [`${owner.type}_id`]: owner.id,
  });
  return api_key;
}

/** A token with all the right claims, signed with a key of our own. */
function forgeToken(issuer: string, serverId: string, user: User): string {
  const signer = createSigner({ issuer, key: generateSigningKey() });
  return signer.sign({ subjectType: 'user', organizationId: user.id, userId: user.id, userEmail: 'boss@example.com' }, serverId);
}

/** Where the container itself listens: nobody but this machine can reach it. */
async function privateAddress(docker: Docker, deploymentId: string): Promise<string> {
  const [container] = await docker.listContainers({ filters: { label: [`com.runlayer.deployment=${deploymentId}`] } });
  const network = Object.values(container?.NetworkSettings.Networks ?? {}).find(({ IPAddress }) => IPAddress !== '');
  if (network === undefined) throw new Error('The container has no private address.');
  return `http://${network.IPAddress}:8000/mcp`;
}
