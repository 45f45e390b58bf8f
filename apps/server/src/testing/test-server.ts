// A whole server in this process for tests: embedded database in a scratch folder, deployments in memory.
import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jwksPath } from '@runlayer/api';
import { createMemoryProvisioner, createMemoryTarget } from '@runlayer/provisioner/memory';
import { createLog } from '../http/logger.ts';
import { readSettings } from '../settings/read-settings.ts';
import { settingsRegistry } from '../start/registry.ts';
import { startServer } from '../start/start-server.ts';
import type { Target } from '../start/target.ts';

/** A running server and what tests ask of it. */
export interface TestServer {
  readonly url: string;
  readonly adminKey: string;
  readonly dataDir: string;
  /** Address of the identity keys as containers are told. */
  readonly workloadKeysUrl: string;
  /** Every log line so far. */
  readonly logged: readonly string[];
  /** Sends a request; a body that is not text is sent as JSON. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  stop(): Promise<void>;
}

/** What a request may have besides its path. */
export interface CallOptions {
  /** Default: the admin's. `null`: none. */
  readonly key?: string | null;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer, read whole. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // Tests look into it as they please.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly json: any;
}

/** The key of the first admin. */
export const adminKey = 'rl_user_test_key_0123456789';

/** Starts a server. `environment` adds to or replaces settings, `target` parts of the place where deployments run. */
export async function startTestServer(
  environment: Readonly<Record<string, string>> = {},
  target: Partial<Target> = {},
): Promise<TestServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'runlayer-server-'));
  const logged: string[] = [];
  const settings = readSettings({ PORT: '0', RUNLAYER_DATA_DIR: dataDir, RUNLAYER_ADMIN_API_KEY: adminKey, ...environment });
  const world = createMemoryTarget();
  const log = createLog('debug', { write: (line) => logged.push(line) });
  const server = await startServer(
    settings,
    { ...memoryTarget(world), registry: settingsRegistry(settings), ...target },
    log,
    '0.0.0-test',
  );
  return {
    url: server.url,
    adminKey,
    dataDir,
    get workloadKeysUrl() {
      return `http://host.docker.internal:${readFileSync(join(dataDir, 'workload-keys.port'), 'utf8').trim()}${jwksPath}`;
    },
    logged,
    call: (method, path, options) => call(server.url, method, path, options),
    async stop() {
      await server.stop();
      await world.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function memoryTarget(world: ReturnType<typeof createMemoryTarget>): Omit<Target, 'registry'> {
  return {
    provisioner: createMemoryProvisioner({ target: world }),
    images: { resolve: async (reference) => (reference.includes('missing') ? undefined : { image: reference, platform: 'x86' }) },
    ping: async () => {},
    defaultPlatform: async () => 'x86',
    // Not the bridge of an engine that may run here.
    bridgeAddress: async () => '127.0.0.1',
  };
}

async function call(url: string, method: string, path: string, { key = adminKey, body, headers = {} }: CallOptions = {}): Promise<Answer> {
  const answer = await fetch(url + path, {
    method,
    redirect: 'manual',
    headers: {
      ...(key === null ? {} : { 'x-runlayer-api-key': key }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, json: asJson(text) };
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
