// The MCP Inspector's command line: each call is a program of its own that connects, asks once and ends.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inRepository, run } from '@runlayer/local-platform';
import { textOf, type Address, type McpClient, type Open } from './session.ts';

const program = inRepository('tests/node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js');

/** `modern` speaks only the 2026-07-28 revision. */
export const openInspector =
  (era: 'legacy' | 'auto' | 'modern'): Open =>
  (address) =>
    open(address, era);

async function open({ url, headers, transport = 'http' }: Address, era: string): Promise<McpClient> {
  const home = await mkdtemp(join(tmpdir(), 'runlayer-inspector-'));
  const header = Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`]);

  async function ask(...more: readonly string[]): Promise<Record<string, unknown>> {
    const args = [program, '--cli', url, '--transport', transport, '--protocol-era', era, '--quiet', ...header, ...more];
    const { code, stdout, stderr } = await run(process.execPath, args, { cwd: home, env: { HOME: home } });
    if (code !== 0) throw new Error(`The Inspector ended with ${code}: ${stderr}`);
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  return {
    heard: [],
    silent: true,
    async tools() {
      const { tools } = (await ask('--method', 'tools/list')) as { tools: { name: string }[] };
      return tools.map(({ name }) => name);
    },
    async call(name, args = {}) {
      return textOf(await ask('--method', 'tools/call', '--tool-name', name, '--tool-args-json', JSON.stringify(args)));
    },
    close: () => rm(home, { recursive: true, force: true }),
  };
}
