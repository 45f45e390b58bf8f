// The published client, unmodified, as an MCP server on standard streams: it connects to an upstream itself, with the identity it was given.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { createVerifier, type Verifier } from '@runlayer/identity-forward/verify';
import { pythonEnvironment, run, startPlatform, waitFor, type Platform } from '@runlayer/local-platform';
import { describeWith } from '@runlayer/test-services';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { McpClient } from './clients/session.ts';
import { openOver } from './clients/typescript-1.ts';
import { startIdentityUpstream, type IdentityUpstream } from './identity-upstream.ts';

const python = await pythonEnvironment('tests/fixtures/published-client/requirements.txt');

describeWith(typeof python === 'string' ? python : undefined, 'the published client, running a server', () => {
  const program = typeof python === 'string' ? '' : join(python.bin, 'runlayer');
  const clients: McpClient[] = [];
  let home: string;
  let platform: Platform;
  let upstream: IdentityUpstream;
  let alice: { id: string; key: string };
  let agent: { id: string; key: string };

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'runlayer-home-'));
    [platform, upstream] = await Promise.all([startPlatform(), startIdentityUpstream()]);
    const made = (path: string, body: object) => platform.api<{ id: string; api_key: string }>('POST', path, body);
    const { id: userId } = await made('/users', { email: 'alice@example.com', role: 'member' });
    const { id: agentId } = await made('/agents', { name: '研究助手' });
    alice = { id: userId, key: (await made('/api-keys', { name: 'k', owner: 'user', user_id: userId })).api_key };
    agent = { id: agentId, key: (await made('/api-keys', { name: 'k', owner: 'agent', agent_id: agentId })).api_key };
  });

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    upstream.reserved.length = 0;
  });

  afterAll(async () => {
    await upstream.close();
    await platform.stop();
    await rm(home, { recursive: true, force: true });
  });

  const environment = (): Record<string, string> => ({
    HOME: home,
    BROWSER: 'true',
    RUNLAYER_TELEMETRY_DISABLED: '1',
    PYTHON_KEYRING_BACKEND: 'keyring.backends.fail.Keyring',
  });
  const running = (target: string, key: string): string[] => ['--host', platform.url, '--secret', key, 'run', target];

  async function start(target: string, key: string): Promise<McpClient> {
    const client = await openOver(
      new StdioClientTransport({ command: program, args: running(target, key), env: environment(), stderr: 'ignore' }),
    );
    clients.push(client);
    return client;
  }

  /** Registers the upstream under a name; its own verifier takes tokens for that connector only. */
  async function connect(name: string, toggles: object, { transport = 'streaming-http', path = '/mcp' } = {}): Promise<string> {
    const server = { name, url: upstream.origin + path, transport, identity_forward: toggles };
    const { id } = await platform.api<{ id: string }>('POST', '/servers', server);
    upstream.verifier = verifierOf(id);
    return id;
  }

  const verifierOf = (serverId: string): Verifier => createVerifier({ issuer: platform.url, serverId });

  /** What the log says of the calls of one connector, once there are so many. */
  const logged = (connector: string, count: number) =>
    waitFor(`${count} lines of the log`, () => {
      const lines = platform
        .output()
        .split('\n')
        .filter((line) => line.includes('"msg":"call"') && line.includes(`"routeId":"${connector}"`));
      return lines.length >= count ? lines.map((line) => JSON.parse(line) as Record<string, unknown>) : undefined;
    });

  it.each([
    ['streaming HTTP', { transport: 'streaming-http', path: '/mcp' }],
    ['SSE', { transport: 'sse', path: '/sse' }],
  ])('shows a server over %s who calls, and proves it [ID-1, ID-2, ID-3, ID-5, ID-6]', async (name, how) => {
    const connector = await connect(`whoami over ${name}`, { headers: true, token: true }, how);
    const client = await start(`whoami over ${name}`, alice.key);
    expect(await client.tools()).toEqual(['whoami']);
    expect(JSON.parse(await client.call('whoami'))).toMatchObject({
      subjectType: 'user',
      userId: alice.id,
      userEmail: 'alice@example.com',
      claims: { aud: `runlayer:identity-forward:${connector}`, iss: platform.url },
    });
    for (const lines of upstream.reserved) {
      expect(lines.toSorted()).toEqual([
        expect.stringMatching(/^x-runlayer-identity-token: [\w-]+\.[\w-]+\.[\w-]+$/),
        expect.stringMatching(/^x-runlayer-org-id: \S+$/),
        'x-runlayer-subject-type: user',
        'x-runlayer-user-email: alice@example.com',
        `x-runlayer-user-id: ${alice.id}`,
      ]);
    }
    const calls = await logged(connector, 2);
    expect(calls.map(({ mcpMethod, mcpName, kind, outcome, caller }) => ({ mcpMethod, mcpName, kind, outcome, caller }))).toEqual([
      { mcpMethod: 'tools/list', mcpName: undefined, kind: 'local', outcome: 'complete', caller: { type: 'user', userId: alice.id } },
      { mcpMethod: 'tools/call', mcpName: 'whoami', kind: 'local', outcome: 'complete', caller: { type: 'user', userId: alice.id } },
    ]);
    const tokens = upstream.reserved.flat().flatMap((line) => /^x-runlayer-identity-token: (.*)$/.exec(line)?.[1] ?? []);
    expect(tokens.length).toBeGreaterThan(0);
    for (const token of tokens) expect(platform.output()).not.toContain(token.split('.')[2] ?? '');
  });

  it('runs a server by its id for an agent, whose name of any script arrives [ID-2, ID-6]', async () => {
    const connector = await connect('by id', { headers: true, token: true });
    const client = await start(connector, agent.key);
    expect(JSON.parse(await client.call('whoami'))).toMatchObject({ subjectType: 'agent', agentId: agent.id, agentName: '研究助手' });
    const name = `x-runlayer-agent-name: =?base64?${Buffer.from('研究助手').toString('base64')}?=`;
    for (const lines of upstream.reserved) expect(lines).toContain(name);
  });

  it('tells a server nothing while both toggles are off, and only what is on [ID-1]', async () => {
    const connector = await connect('quiet', {});
    upstream.verifier = undefined;
    expect(await (await start('quiet', alice.key)).call('whoami')).toBe('"not asked"');
    expect(upstream.reserved.flat()).toEqual([]);
    await platform.api('PATCH', `/servers/${connector}`, { identity_forward: { headers: true } });
    await (await start('quiet', alice.key)).call('whoami');
    expect(upstream.reserved.flat().filter((line) => line.includes('user-id'))).not.toEqual([]);
    expect(upstream.reserved.flat().join('\n')).not.toContain('identity-token');
  });

  it('cannot use the token of one server at another [ID-5]', async () => {
    await connect('first', { token: true });
    upstream.verifier = verifierOf('00000000-0000-4000-8000-000000000000');
    const client = await start('first', alice.key);
    expect(await client.tools()).toEqual(['whoami']);
    await expect(client.call('whoami')).rejects.toThrow('not for this server');
  });

  it('is refused with an exit code for a deployment, an unknown name and a stranger’s key [PROXY-1, PROXY-2]', async () => {
    const deployment = await platform.api<{ id: string }>('POST', '/deployments/', { name: 'deployed' });
    await platform.api('POST', '/servers', { name: 'deployed', deployment_id: deployment.id });
    for (const [target, key, status] of [
      ['deployed', alice.key, '409'],
      ['nobody', alice.key, '404'],
      ['deployed', 'rl_user_stranger', '401'],
    ] as const) {
      const { code, stdout, stderr } = await run(program, running(target, key), { env: environment() });
      expect([code, stdout + stderr]).toEqual([1, expect.stringContaining(status)]);
    }
  });
});
