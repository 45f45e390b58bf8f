// Looks for a Docker engine that is already running.
import { homedir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';

/** What looking for an engine found. */
export interface Probe {
  /** `DOCKER_HOST` of the engine that answers. */
  readonly host: string | undefined;
  /** An engine is there, but this user may not speak to it: the path of its socket. */
  readonly forbidden?: string | undefined;
}

const patience = 5_000;

/** Where an engine may listen: only `DOCKER_HOST` when it is set, else the usual sockets of this system. */
export function candidates(environment: NodeJS.ProcessEnv, home: string = homedir()): string[] {
  const chosen = environment['DOCKER_HOST'];
  if (chosen) return [chosen];
  if (process.platform === 'win32') return ['npipe:////./pipe/docker_engine'];
  const runtime = environment['XDG_RUNTIME_DIR'];
  return [
    '/var/run/docker.sock',
    join(home, '.docker/run/docker.sock'),
    ...(runtime ? [join(runtime, 'docker.sock')] : []),
    join(home, '.colima/default/docker.sock'),
    join(home, '.rd/docker.sock'),
    join(home, '.orbstack/run/docker.sock'),
  ].map((path) => `unix://${path}`);
}

/** Asks each candidate in turn whether it answers. */
export async function probeEngines(environment: NodeJS.ProcessEnv = process.env): Promise<Probe> {
  let forbidden: string | undefined;
  for (const host of candidates(environment)) {
    const answer = await ping(host, patience);
    if (answer === 'up') return { host };
    if (answer === 'forbidden') forbidden ??= host.replace(/^unix:\/\//, '');
  }
  return { host: undefined, forbidden };
}

/** Whether an engine answers at this `DOCKER_HOST` within the given milliseconds. */
export async function ping(host: string, milliseconds: number): Promise<'up' | 'down' | 'forbidden'> {
  try {
    await connectTo(host, milliseconds).ping();
    return 'up';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? 'forbidden' : 'down';
  }
}

/** A client for the engine at a `DOCKER_HOST`; a call that hears nothing for `timeout` milliseconds fails. */
export function connectTo(host: string, timeout?: number): Docker {
  const limit = timeout === undefined ? {} : { timeout };
  const path = /^(?:unix|npipe):\/\/(.+)$/.exec(host)?.[1];
  // For another kind of address dockerode itself reads DOCKER_HOST, with DOCKER_TLS_VERIFY and DOCKER_CERT_PATH.
  return new Docker(path === undefined ? limit : { socketPath: path, ...limit });
}
