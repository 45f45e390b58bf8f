// Keeps the address of the running server in its data folder, where a command on the same machine finds it.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const fileOf = (dataDir: string): string => join(dataDir, 'server.url');

/** Notes the address; call what it returns at the stop. */
export function keepOwnAddress(dataDir: string, url: string): () => Promise<void> {
  writeFileSync(fileOf(dataDir), `${url}\n`, { mode: 0o600 });
  return async () => rmSync(fileOf(dataDir), { force: true });
}

/** Address of the server that runs on the folder; that of a killed one until the next start. */
export function readOwnAddress(dataDir: string): string | undefined {
  try {
    const url = URL.parse(readFileSync(fileOf(dataDir), 'utf8').trim());
    return url?.protocol === 'http:' ? url.origin : undefined;
  } catch {
    return undefined;
  }
}
