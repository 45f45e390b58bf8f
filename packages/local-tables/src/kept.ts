// What has to outlive a restart beside the items: the secret that keys are derived from, and the port that containers know.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { tablesError } from './error-codes.ts';

const secretBytes = 32;

/**
 * The secret of a folder, made at the first use.
 *
 * @throws `ERR_TABLES_FOLDER` where it can neither be read nor made.
 */
export function keptSecret(folder: string): Uint8Array {
  const file = join(folder, 'keys.secret');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    try {
      // Fails where it exists: of two that start at once, both then read what one has written.
      writeFileSync(file, `${randomBytes(secretBytes).toString('hex')}\n`, { mode: 0o600, flag: 'wx', flush: true });
    } catch (error) {
      if ((error as { code?: string }).code !== 'EEXIST') throw error;
    }
    const secret = Buffer.from(readFileSync(file, 'utf8').trim(), 'hex');
    if (secret.length !== secretBytes) throw new Error('it does not hold 64 hexadecimal digits');
    return secret;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw tablesError('ERR_TABLES_FOLDER', `The secret of the tables' keys (${file}) cannot be used: ${reason}.`, { cause: error });
  }
}

/** What {@link listenAgain} did. */
export interface Listening {
  readonly port: number;
  /** The port that running containers know, where it is another: it could not be had. */
  readonly former?: number | undefined;
}

/** Listens on the port of the last time, or where that is taken on another, which is kept for the next time. */
export async function listenAgain(server: Server, host: string, folder: string): Promise<Listening> {
  const file = join(folder, 'gateway.port');
  const former = readPort(file);
  if (former !== undefined && (await listen(server, host, former).catch(() => undefined)) !== undefined) return { port: former };
  const port = await listen(server, host, 0);
  writeFileSync(file, `${port}\n`, { mode: 0o600 });
  return { port, former };
}

function readPort(file: string): number | undefined {
  try {
    const port = Number(readFileSync(file, 'utf8').trim());
    return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
  } catch {
    return undefined;
  }
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return (server.address() as AddressInfo).port;
}
