// The real server as a process of its own, on a free port and in a folder of its own.
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { inRepository } from './repository.ts';
import { waitFor } from './wait.ts';

export interface PlatformOptions {
  /** Default: a new temporary folder, removed by `stop`. */
  readonly dataDir?: string;
  /** Default: a free one. */
  readonly port?: number;
  /** Default: a random one. */
  readonly adminKey?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Platform {
  readonly url: string;
  readonly port: number;
  readonly adminKey: string;
  readonly dataDir: string;
  readonly process: ChildProcess;
  /** All that the server wrote so far. */
  output(): string;
  /** Calls the API with the admin's key, or with `key`; throws unless the answer is 2xx. */
  api<T = unknown>(method: string, path: string, body?: unknown, key?: string): Promise<T>;
  /** SIGTERM, waits for the end, removes a temporary folder. Resolves to the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL: no chance to tidy up. The folder stays. */
  kill(): Promise<void>;
}

/** Starts the server and waits until it is ready. */
export async function startPlatform(options: PlatformOptions = {}): Promise<Platform> {
  const port = options.port ?? (await freePort());
  const adminKey = options.adminKey ?? `rl_user_${randomBytes(24).toString('base64url')}`;
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'runlayer-')));
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [inRepository('apps/server/src/main.ts')], {
    env: {
      ...process.env,
      PORT: String(port),
      RUNLAYER_URL: url,
      RUNLAYER_DATA_DIR: dataDir,
      RUNLAYER_ADMIN_API_KEY: adminKey,
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (piece: string) => (output += piece));
  const ended = once(child, 'close');
  const platform: Platform = {
    url,
    port,
    adminKey,
    dataDir,
    process: child,
    output: () => output,
    api: (method, path, body, key = adminKey) => callApi(url, key, method, path, body),
    async stop() {
      child.kill('SIGTERM');
      await ended;
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
      return child.exitCode;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
  try {
    await waitUntilReady(platform);
  } catch (error) {
    await platform.kill();
    if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
    throw error;
  }
  return platform;
}

async function waitUntilReady(platform: Platform): Promise<void> {
  await waitFor('the server becoming ready', async () => {
    if (platform.process.exitCode !== null) throw new Error(`The server ended with ${platform.process.exitCode}:\n${platform.output()}`);
    const response = await fetch(`${platform.url}/ready`).catch(() => undefined);
    await response?.body?.cancel();
    return response?.ok === true ? true : undefined;
  });
}

async function callApi<T>(url: string, key: string, method: string, path: string, body: unknown): Promise<T> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { 'x-runlayer-api-key': key, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}
