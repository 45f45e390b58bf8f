// Unmodified MCP servers as containers, deployed with `runlayer deploy` and reachable by both kinds of URL.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureBaseImage } from '@runlayer/local-docker';
import { waitFor, type Platform } from '@runlayer/local-platform';
import { docker } from '../deployments.ts';
import { createWorkspace, type Workspace } from '../workspace.ts';
import { packInstalledPackages } from './installed-packages.ts';

/** What each deployment is made of: stage of the Dockerfile, MCP path, transport of its connector. */
const recipes = {
  'everything-http': { target: 'everything-http', path: '/mcp', transport: 'streaming-http' },
  'everything-sse': { target: 'everything-sse', path: '/sse', transport: 'sse' },
  sessions: { target: 'sessions', path: '/mcp', transport: 'streaming-http' },
  'sessions-sse': { target: 'sessions', path: '/sse', transport: 'sse' },
  stateless: { target: 'stateless', path: '/mcp', transport: 'streaming-http' },
} as const;

export type UpstreamName = keyof typeof recipes;
export type UrlKind = 'deployment' | 'connector';

/** What the server saw of a call of its tool `steps`. */
export interface Seen {
  readonly runs: number;
  readonly sent: number;
  readonly state: 'unknown' | 'running' | 'finished' | 'cancelled';
  readonly listening?: boolean;
  readonly alive?: boolean;
  readonly resumptions?: number;
  readonly subscriptions?: number;
}

export interface Upstream {
  /** Path of its MCP endpoint on the platform. */
  path(kind: UrlKind): string;
  /** Asks the fixture about a call, or to do something: `open/2`, `announce`. */
  ledger(label: string, verb?: string): Promise<Seen>;
  /** Waits until the fixture's record of a call is as wanted. */
  until(label: string, what: string, wanted: (seen: Seen) => boolean): Promise<Seen>;
}

export interface Upstreams {
  readonly of: (name: UpstreamName) => Upstream;
  /** Deploys one of them again, with one more variable. */
  redeploy(name: UpstreamName, variable: string): Promise<void>;
  remove(): Promise<void>;
}

export async function deployUpstreams(
  platform: Platform,
  names: readonly UpstreamName[] = Object.keys(recipes) as UpstreamName[],
): Promise<Upstreams> {
  await ensureBaseImage(docker, 'node:24-slim');
  const workspace = await createWorkspace(platform, 'tests/fixtures/mcp-upstreams');
  const packages = ['server-everything', 'sdk', 'server', 'node'].map((name) => `@modelcontextprotocol/${name}`);
  await packInstalledPackages([...packages, 'zod'], workspace.folder);
  const made = new Map<UpstreamName, Upstream>();
  await Promise.all(names.map(async (name) => made.set(name, await deploy(platform, workspace, name))));
  return {
    of: (name) => made.get(name) as Upstream,
    async redeploy(name, variable) {
      const file = join(workspace.folder, `${name}.yaml`);
      await writeFile(file, `${await readFile(file, 'utf8')}  ${variable}: "1"\n`);
      const { code, stdout, stderr } = await workspace.runlayer(['deploy', '--config', `${name}.yaml`]);
      if (code !== 0) throw new Error(`${name} was not deployed again:\n${stdout}${stderr}`);
    },
    async remove() {
      const destroyed = await Promise.all(
        names.map((name) => workspace.runlayer(['deploy', 'destroy', '--config', `${name}.yaml`, '--yes', '--delete-all'])),
      );
      for (const { code, stderr } of destroyed) if (code !== 0) throw new Error(stderr);
      await workspace.remove();
    },
  };
}

async function deploy(platform: Platform, workspace: Workspace, name: UpstreamName): Promise<Upstream> {
  const { target, path, transport } = recipes[name];
  const file = `${name}.yaml`;
  const build = `build:\n  dockerfile: Dockerfile\n  context: .\n  target: ${target}\n`;
  const service = `service:\n  port: 8000\n  path: ${path}\ninfrastructure:\n  cpu: 256\n  memory: 512\nenv:\n  PORT: "8000"\n`;
  await workspace.write(file, `name: ${name}\nruntime: docker\n${build}${service}`);
  const deployed = await workspace.runlayer(['deploy', '--config', file]);
  if (deployed.code !== 0) throw new Error(`${name} was not deployed:\n${deployed.stdout}${deployed.stderr}`);
  const id = /^id: (\S+)$/m.exec(await readFile(join(workspace.folder, file), 'utf8'))?.[1] ?? '';
  const connector = await platform.api<{ id: string }>('POST', '/servers', { name, deployment_id: id, transport });
  return upstream(platform, `/api/v1/proxy/hosted/${id}`, { deployment: path, connector: `/api/v1/proxy/${connector.id}/mcp` });
}

function upstream(platform: Platform, hosted: string, paths: Record<UrlKind, string>): Upstream {
  async function ledger(label: string, verb?: string): Promise<Seen> {
    const response = await fetch(`${platform.url}${hosted}/ledger/${label}${verb === undefined ? '' : `/${verb}`}`, {
      method: verb === undefined ? 'GET' : 'POST',
      headers: { 'x-runlayer-api-key': platform.adminKey },
    });
    if (!response.ok) throw new Error(`The ledger answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Seen;
  }
  return {
    path: (kind) => (kind === 'deployment' ? hosted + paths.deployment : paths.connector),
    ledger,
    until: (label, what, wanted) =>
      waitFor(`${what} of ${label}`, async () => {
        const seen = await ledger(label);
        return wanted(seen) ? seen : undefined;
      }),
  };
}
