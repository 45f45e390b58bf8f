// Makes the data folder and finds out early whether it can be written.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail } from '../error-codes.ts';

const causes: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'it is on a read-only disk',
  ENOTDIR: 'a part of its path is a file',
  EEXIST: 'it is a file',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
};

// A full disk takes an empty file but not a page of bytes.
const probe = Buffer.alloc(64 * 1024);

/** Makes the folder, readable by this user only, and writes to it once. @throws ERR_DATA_DIR with the cause. */
export function prepareDataFolder(folder: string): void {
  const file = join(folder, `.probe-${process.pid}`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(file, probe, { flush: true });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    const hint = code === 'ENOSPC' || code === 'EDQUOT' ? 'Free space, or set RUNLAYER_DATA_DIR to a folder on another disk.' : undefined;
    removeProbe(file);
    throw fail('ERR_DATA_DIR', `The data folder ${folder} cannot be used: ${causes[code] ?? code}.`, { cause: error, hint });
  }
  removeProbe(file);
}

function removeProbe(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // What keeps it from being removed kept it from being written.
  }
}
