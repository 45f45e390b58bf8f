import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureBaseImage } from '@runlayer/local-docker';
import { buildExample, startPlatform, type Platform } from '@runlayer/local-platform';
import { describeWith, dockerMissing } from '@runlayer/test-services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { containersOf, docker } from './deployments.ts';
import { mcpClients } from './mcp-clients.ts';
import { createWorkspace, type Workspace } from './workspace.ts';

describeWith(await dockerMissing(), 'from an empty folder to a tool call', () => {
  let platform: Platform;
  let workspace: Workspace;
  let id: string;
  let connector: string;
  const keys: Record<string, string> = {};

  beforeAll(async () => {
    await ensureBaseImage(docker, 'node:24-slim');
    await buildExample('notes-mcp');
    platform = await startPlatform();
    workspace = await createWorkspace(platform, 'examples/notes-mcp');
  });

  afterAll(async () => {
    await platform.stop();
    await workspace.remove();
  });

  it('runlayer deploy init writes a file that is valid as it is [CLI-1, CLI-2, CLI-4]', async () => {
    const made = await workspace.runlayer(['deploy', 'init', '--config', 'fresh.yaml', '--name', 'fresh']);
    expect(made, made.stderr).toMatchObject({ code: 0 });
    expect((await workspace.runlayer(['deploy', 'validate', '--config', 'fresh.yaml'])).code).toBe(0);
    const again = await workspace.runlayer(['deploy', 'init', '--config', 'fresh.yaml', '--name', 'other']);
    expect(again.code).not.toBe(0);
    expect(await readFile(join(workspace.folder, 'fresh.yaml'), 'utf8')).toContain('name: fresh');
  });

  it('runlayer deploy builds, deploys, writes the id into the file and prints the URL [CLI-3, CFG-2, AUTO-1]', async () => {
    const before = await readFile(join(workspace.folder, 'runlayer.yaml'), 'utf8');
    const deployed = await workspace.runlayer(['deploy', '--json']);
    expect(deployed, deployed.stderr + deployed.stdout).toMatchObject({ code: 0 });
    const after = await readFile(join(workspace.folder, 'runlayer.yaml'), 'utf8');
    id = /^id: (\S+)$/m.exec(after)?.[1] ?? '';
    expect(after.replace(/^id: .*\n/m, '')).toBe(before);
    expect(deployed.stdout).toContain(`${platform.url}/api/v1/proxy/hosted/${id}`);
  });

  it('a deployment becomes a connector whose toggles are off until an admin turns them on [PLAT-3, ID-1, PLAT-6]', async () => {
    const made = await platform.api<{ id: string; identity_forward: unknown }>('POST', '/servers', {
      name: 'notes',
      deployment_id: id,
      transport: 'streaming-http',
    });
    connector = made.id;
    expect(made.identity_forward).toEqual({ headers: false, token: false });
    await platform.api('PATCH', `/servers/${connector}`, { identity_forward: { headers: true, token: true } });
    expect(JSON.stringify(await platform.api('GET', '/audit-events'))).toContain(connector);
    const user = await platform.api<{ id: string }>('POST', '/users', { email: 'ada@example.com', name: 'Ada', role: 'member' });
    const agent = await platform.api<{ id: string }>('POST', '/agents', { name: '夜警' });
    for (const owner of [
      { type: 'user', id: user.id },
      { type: 'agent', id: agent.id },
    ]) {
      keys[owner.type] = (
        await platform.api<{ api_key: string }>('POST', '/api-keys', {
          name: owner.type,
          owner: owner.type,
          [`${owner.type}_id`]: owner.id,
        })
      ).api_key;
    }
  });

  describe.each(mcpClients)('%s', (_name, connect) => {
    it.each([
      ['deployment', () => `${platform.url}/api/v1/proxy/hosted/${id}/mcp`],
      ['connector', () => `${platform.url}/api/v1/proxy/${connector}/mcp`],
    ])('lists and calls tools through the %s URL and is known to the server [PROXY-1, ID-3, ID-5, ID-6]', async (_kind, url) => {
      const user = await connect(url(), { 'x-runlayer-api-key': keys['user'] ?? '' });
      expect(await user.tools()).toEqual(expect.arrayContaining(['add_note', 'list_notes', 'whoami']));
      expect(await user.call('whoami')).toContain('ada@example.com');
      await user.close();
      const agent = await connect(url(), { authorization: `Bearer ${keys['agent'] ?? ''}` });
      expect(await agent.call('whoami')).toContain('夜警');
      await agent.close();
    });

    it('is refused without a key [PROXY-2]', async () => {
      await expect(connect(`${platform.url}/api/v1/proxy/hosted/${id}/mcp`, {})).rejects.toThrow();
    });
  });

  it('runlayer deploy pull backs up the file and keeps what is no secret [CLI-5]', async () => {
    const before = await readFile(join(workspace.folder, 'runlayer.yaml'), 'utf8');
    expect(await workspace.runlayer(['deploy', 'pull'])).toMatchObject({ code: 0 });
    const backup = (await readdir(workspace.folder)).find((file) => file.startsWith('runlayer.yaml.backup.'));
    expect(await readFile(join(workspace.folder, backup ?? ''), 'utf8')).toBe(before);
    expect(await readFile(join(workspace.folder, 'runlayer.yaml'), 'utf8')).toContain(`id: ${id}`);
    expect((await workspace.runlayer(['deploy', 'validate'])).code).toBe(0);
  });

  it('runlayer deploy destroy names the connector, then leaves nothing [CLI-6, PLAT-5]', async () => {
    const refused = await workspace.runlayer(['deploy', 'destroy', '--yes']);
    expect(refused.code).not.toBe(0);
    expect(refused.stdout + refused.stderr).toContain('notes');
    expect(await workspace.runlayer(['deploy', 'destroy', '--yes', '--delete-all'])).toMatchObject({ code: 0 });
    expect(await containersOf(id)).toEqual([]);
    expect(await workspace.runlayer(['deploy', 'destroy', '--yes'])).toMatchObject({ code: 0 });
  });
});
