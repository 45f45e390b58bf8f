// Looks once for the services that a test may need, and says why one is missing.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import Docker from 'dockerode';

/** Why a service cannot be used here, or `undefined` when it can. */
export type Missing = string | undefined;

/** A Docker engine that answers, through `DOCKER_HOST` or the default socket. */
export async function dockerMissing(): Promise<Missing> {
  try {
    await new Docker().ping();
    return undefined;
  } catch (error) {
    return `no Docker engine answers (${error instanceof Error ? error.message : String(error)})`;
  }
}

/** The server programs of Postgres 15 or later, or a server named by `TEST_DATABASE_URL`. */
export function postgresMissing(): Missing {
  if (process.env['TEST_DATABASE_URL'] !== undefined) return undefined;
  return postgresBinary('initdb') === undefined ? 'neither TEST_DATABASE_URL nor the programs of a Postgres server are here' : undefined;
}

/** Path of one of Postgres' programs: on the PATH, or where Debian keeps them. */
export function postgresBinary(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(':').concat([18, 17, 16, 15].map((version) => `/usr/lib/postgresql/${version}/bin`));
  return folders.map((folder) => `${folder}/${name}`).find((path) => existsSync(path));
}

/** Whether a command runs and exits with 0. */
export function commandMissing(command: string, args: readonly string[] = ['--version']): Missing {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return undefined;
  } catch {
    return `${command} is not installed`;
  }
}
