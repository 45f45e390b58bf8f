// Looks once for the services that a test may need, and says why one is missing.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
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
  return find(name, pathFolders().concat([18, 17, 16, 15].map((version) => `/usr/lib/postgresql/${version}/bin`)));
}

/** A program on the PATH. */
export function commandMissing(command: string): Missing {
  return find(command, pathFolders()) === undefined ? `${command} is not installed` : undefined;
}

function pathFolders(): string[] {
  return (process.env['PATH'] ?? '').split(delimiter);
}

function find(name: string, folders: readonly string[]): string | undefined {
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}
