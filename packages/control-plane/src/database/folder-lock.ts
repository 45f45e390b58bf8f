// Keeps a second process off a data folder: PGlite has no lock of its own, and two writers lose rows silently.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail } from '../error-codes.ts';

/**
 * Takes the folder for this process; returns how to give it back. The lock is SQLite's lock on a file: the system drops it
 * when the process dies, however it dies, and it holds across containers that share a volume (a process id would not).
 * Throws `ERR_DATABASE_LOCKED` naming the process that has it.
 */
export function lockFolder(folder: string): () => void {
  const pidFile = join(folder, 'lock.pid');
  // Not an import: bundlers strip `node:`, and there is no module `sqlite`.
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  const lock = new DatabaseSync(join(folder, 'lock.db'), { timeout: 0 });
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if ((error as { errcode?: number }).errcode !== sqliteBusy) throw error;
    throw fail('ERR_DATABASE_LOCKED', `The data folder ${folder} is used by ${holder(pidFile)}.`);
  }
  writeFileSync(pidFile, `${process.pid}\n`);
  return () => {
    rmSync(pidFile, { force: true });
    lock.close();
  };
}

const sqliteBusy = 5;

function holder(pidFile: string): string {
  try {
    const pid = readFileSync(pidFile, 'utf8').trim();
    if (/^\d+$/.test(pid)) return pid === String(process.pid) ? `this process already (${pid})` : `process ${pid}`;
  } catch {
    // It has the lock but has not written its number yet.
  }
  return 'another process';
}
