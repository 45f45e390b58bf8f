// The proxies that are compared, and how each is started.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { freePort, inRepository, waitFor } from '@runlayer/local-platform';
import type { SigningKey } from '@runlayer/identity-forward';
import { caller, deployment, key, requestHeaders } from './identity.ts';
import { startProxying } from './nginx.ts';
import type { Watched } from '../proxies/under-watch.ts';
import { proxyCore, startPinned } from './pinned.ts';

export const contenderNames = ['nginx', 'go', 'go-signing', 'undici', 'hono', 'ours', 'ours-token', 'ours-token-node'] as const;
export type ContenderName = (typeof contenderNames)[number];

/** How a contender is called in tables. */
export const titles: Readonly<Record<ContenderName, string>> = {
  nginx: 'nginx proxy_pass, keepalive',
  go: 'Go httputil.ReverseProxy',
  'go-signing': 'Go + key + identity headers + token',
  undici: 'undici alone (node:http + dispatch)',
  hono: 'Hono and its proxy helper',
  ours: 'ours: key + identity headers',
  'ours-token': 'ours + a fresh token each',
  'ours-token-node': 'ours + token, node:crypto only',
};

/** Where contenders run and what they need to be started. */
export interface Ground {
  /** Temporary files. */
  readonly folder: string;
  /** The built Go program; `undefined` without a Go compiler. */
  readonly goProgram: string | undefined;
  /** Every contender that signs does it with this key. */
  readonly signingKey: SigningKey;
  /** Folder for CPU profiles of Node programs. */
  readonly profile: string | undefined;
}

/** A contender that answers. */
export interface Running {
  readonly name: ContenderName;
  readonly process: ChildProcess;
  readonly pid: number;
  /** Address in front of the upstream's paths. */
  readonly base: string;
  /** `iss` of the tokens it signs. */
  readonly issuer: string;
}

/** Starts a contender in front of an upstream on loopback, and waits until it answers. */
export async function startContender(name: ContenderName, ground: Ground, upstream: number): Promise<Running> {
  const port = await freePort();
  const process = await startProcess(name, ground, port, upstream);
  const prefix = name.startsWith('ours') ? `/api/v1/proxy/hosted/${deployment}` : '';
  const issuer = `http://127.0.0.1:${port}`;
  const base = issuer + prefix;
  await waitFor(`${name} answering`, () => {
    if (process.exitCode !== null) throw new Error(`${titles[name]} ended with ${process.exitCode}.`);
    return fetch(`${base}/probe`, { headers: requestHeaders }).then(
      async (response) => (await response.text(), response.ok ? true : undefined),
      () => undefined,
    );
  });
  return { name, process, pid: process.pid ?? 0, base, issuer };
}

/** Starts several in front of one upstream. */
export async function startAll(names: readonly ContenderName[], ground: Ground, upstream: number): Promise<Running[]> {
  const all: Running[] = [];
  for (const name of names) all.push(await startContender(name, ground, upstream));
  return all;
}

async function startProcess(name: ContenderName, ground: Ground, port: number, upstream: number): Promise<ChildProcess> {
  const env = {
    PORT: String(port),
    UPSTREAM: String(upstream),
    DEPLOYMENT: deployment,
    KEY: key,
    CALLER: JSON.stringify(caller),
    ISSUER: `http://127.0.0.1:${port}`,
    SIGNING_KEY: JSON.stringify(ground.signingKey),
  };
  switch (name) {
    case 'nginx':
      return startProxying(ground.folder, port, upstream);
    case 'go':
    case 'go-signing':
      return startPinned(proxyCore, ground.goProgram ?? '', [], {
        env: { ...env, GOMAXPROCS: '1', ...(name === 'go-signing' ? { SIGN: '1' } : {}) },
      });
    case 'undici':
    case 'hono':
      return startNode(name, name, ground, env);
    case 'ours':
      return startNode(name, 'ours', ground, env);
    case 'ours-token':
      return startNode(name, 'ours', ground, { ...env, TOKEN: 'best' });
    case 'ours-token-node':
      return startNode(name, 'ours', ground, { ...env, TOKEN: 'node' });
  }
}

function startNode(name: string, program: string, { profile }: Ground, env: Readonly<Record<string, string>>): ChildProcess {
  const profiling = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`, `--cpu-prof-name=${name}.cpuprofile`];
  const args = ['--expose-gc', ...profiling, inRepository(`bench/src/proxies/${program}.ts`)];
  return startPinned(proxyCore, process.execPath, args, { env, ipc: true });
}

/** What a Node contender tells of itself, after a collection when asked to `collect`; `undefined` for the others. */
export async function watched({ process }: Running, wanted: 'tell' | 'collect' = 'tell'): Promise<Watched | undefined> {
  if (!process.connected) return undefined;
  const answer = once(process, 'message');
  process.send(wanted);
  return ((await answer) as [Watched])[0];
}
