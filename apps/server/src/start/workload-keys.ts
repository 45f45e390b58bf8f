// A second listener, for containers only: while the platform is on loopback they cannot reach it, but they need its public keys.
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { jwksPath } from '@runlayer/api';
import { createJwksAnswer, type PublishedKeys } from '../http/jwks-answer.ts';
import { errorFields, type Log } from '../http/logger.ts';
import { problemAnswer } from '../http/problem-answers.ts';
import { bridgeHost } from './bridge-host.ts';
import { listen } from './listen.ts';

/** The open listener. */
export interface WorkloadKeys {
  readonly server: Server;
  /** Address of the key set as containers reach it. */
  readonly url: string;
  /** From now on the keys are served; before, the answer is 503. */
  serve(signingKeys: PublishedKeys): void;
}

/**
 * Listens on the Docker bridge. The port is kept in the data folder: running containers know the old one.
 * `undefined`, with a warning, when no address or port can be had: deployments work, only their verifiers lack the keys.
 */
export async function openWorkloadKeys(dataDir: string, bridge: string | undefined, log: Log): Promise<WorkloadKeys | undefined> {
  let jwks: ReturnType<typeof createJwksAnswer> | undefined;
  const listener = getRequestListener((request) => answer(request, jwks), { overrideGlobalObjects: false });
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 10_000 }, (request, response) => void listener(request, response));
  try {
    const port = await listenAgain(server, await bridgeHost(bridge), join(dataDir, 'workload-keys.port'), log);
    const url = `http://host.docker.internal:${port}${jwksPath}`;
    return { server, url, serve: (keys) => void (jwks = createJwksAnswer(keys)) };
  } catch (error) {
    log.warn('containers cannot reach the identity keys: no listener on the Docker bridge', errorFields(error));
    return undefined;
  }
}

function answer(request: Request, jwks: ReturnType<typeof createJwksAnswer> | undefined): Response {
  if (new URL(request.url).pathname !== jwksPath) return new Response(null, { status: 404 });
  if (request.method !== 'GET' && request.method !== 'HEAD') return new Response(null, { status: 405, headers: { allow: 'GET, HEAD' } });
  if (jwks === undefined) return new Response(null, { status: 503, headers: { 'retry-after': '2' } });
  try {
    return jwks(request.headers.get('if-none-match') ?? undefined);
  } catch (error) {
    return problemAnswer(error);
  }
}

async function listenAgain(server: Server, host: string, file: string, log: Log): Promise<number> {
  const former = readPort(file);
  const kept = former === undefined ? undefined : await listen(server, host, former).catch(() => undefined);
  if (kept !== undefined) return kept;
  const port = await listen(server, host, 0);
  if (former !== undefined) log.warn('the port of the identity keys is taken; deploy again what verifies tokens', { former, port });
  writeFileSync(file, `${port}\n`, { mode: 0o600 });
  return port;
}

function readPort(file: string): number | undefined {
  try {
    const port = Number(readFileSync(file, 'utf8').trim());
    return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
  } catch {
    return undefined;
  }
}
