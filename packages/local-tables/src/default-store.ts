// The store that needs no installation: dynalite on LevelDB, on a socket that only this user can reach.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// @ts-expect-error -- it brings no types
import untyped from 'dynalite';
import type { Server } from 'node:http';

/** The part of dynalite that is used; it brings no types. */
type Dynalite = (
  options: Readonly<Record<'createTableMs' | 'deleteTableMs' | 'updateTableMs', number>> & { readonly path: string },
) => Server;

const dynalite = untyped as Dynalite;

/** A running store. */
export interface DefaultStore {
  readonly socketPath: string;
  /** Ends it, with what it wrote on disk. */
  close(): Promise<void>;
}

/**
 * Opens the store of a folder. It throws out of any call what it does not expect, a folder in use among it: run it where that ends nothing else.
 * Its socket is in the folder for temporary files, as the path of one may have a hundred characters only.
 */
export async function openDefaultStore(folder: string): Promise<DefaultStore> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const socketFolder = mkdtempSync(join(tmpdir(), 'runlayer-tables-'));
  const socketPath = join(socketFolder, 'store');
  const server = dynalite({ path: folder, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  // Whoever is connected is this process: a connection that the store ends is one that a call may have been sent on.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  return {
    socketPath,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      rmSync(socketFolder, { recursive: true, force: true });
    },
  };
}
