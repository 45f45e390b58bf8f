// The file of the sealing keys: made once, never written over, and never made anew under a database that needs the old one.
import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Database } from '../database/database.ts';
import { fail } from '../error-codes.ts';
import { hasCanary } from './canary.ts';
import { sealKeyBytes } from './create-sealer.ts';

/** Keys in base64, one a line; empty lines and lines that begin with `#` are left out. Throws `ERR_SEAL_KEY_INVALID`. */
export function parseSealKeys(text: string, place: string): readonly Uint8Array[] {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const keys = lines.map((line) => Buffer.from(line, 'base64'));
  if (keys.length === 0) throw fail('ERR_SEAL_KEY_INVALID', `${place} holds no sealing key.`);
  const bad = keys.findIndex((key) => key.length !== sealKeyBytes);
  if (bad >= 0) throw fail('ERR_SEAL_KEY_INVALID', `Key ${bad + 1} of ${place} is not ${sealKeyBytes} bytes in base64.`);
  return keys;
}

/**
 * The keys of a file, which is made with one random key (mode 0600) if it is not there. To rotate, put a new line first
 * and keep the others. Throws `ERR_SEAL_KEY_MISSING` when the file is not there but the database holds sealed values,
 * `ERR_SEAL_KEY_INVALID`.
 */
export async function loadOrCreateKeyFile(path: string, database: Database): Promise<readonly Uint8Array[]> {
  const present = read(path);
  if (present !== undefined) return parseSealKeys(present, path);
  if (await hasCanary(database)) {
    throw fail('ERR_SEAL_KEY_MISSING', `The sealing key ${path} is not there, but the database holds values sealed with it.`);
  }
  create(path);
  return parseSealKeys(read(path) ?? '', path);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fail(
      'ERR_SEAL_KEY_INVALID',
      `The sealing key ${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}.`,
    );
  }
}

/** Written whole under another name, then linked: a link never replaces a file that another process made meanwhile. */
function create(path: string): void {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(draft, `${randomBytes(sealKeyBytes).toString('base64')}\n`, { mode: 0o600, flag: 'wx', flush: true });
    linkSync(draft, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') throw fail('ERR_DATABASE_FOLDER', `The sealing key ${path} cannot be written: ${code ?? 'unknown reason'}.`);
  } finally {
    rmSync(draft, { force: true });
  }
}
