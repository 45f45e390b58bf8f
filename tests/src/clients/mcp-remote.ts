// `mcp-remote`: a local server on standard input and output that forwards to a remote one, as desktop applications start it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { inRepository } from '@runlayer/local-platform';
import type { Address, McpClient } from './session.ts';
import { openOver } from './typescript-1.ts';

export async function openMcpRemote({ url, headers, transport = 'http' }: Address): Promise<McpClient> {
  const home = await mkdtemp(join(tmpdir(), 'runlayer-mcp-remote-'));
  const header = Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}:${value}`]);
  const client = await openOver(
    new StdioClientTransport({
      command: process.execPath,
      args: [
        inRepository('tests/node_modules/mcp-remote/dist/proxy.js'),
        url,
        '--transport',
        `${transport}-only`,
        '--allow-http',
        ...header,
      ],
      env: { PATH: process.env['PATH'] ?? '', HOME: home, MCP_REMOTE_CONFIG_DIR: home },
      stderr: 'ignore',
    }),
  );
  return {
    ...client,
    async close() {
      await client.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}
