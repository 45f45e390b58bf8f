// Writes a file so that a reader sees the old one or the new one, whatever happens meanwhile.
import { randomBytes } from 'node:crypto';
import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { cliError } from '../error-codes.ts';

/** How to write. */
export interface WriteOptions {
  /** Permissions. Default: those of the file that is there, else 0644. */
  readonly mode?: number | undefined;
}

/** Replaces the file, or makes it. A symbolic link stays one. @throws ERR_CLI_FILE_NOT_WRITTEN, the old file then being as it was */
export async function writeAtomically(path: string, text: string, options: WriteOptions = {}): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const mode =
      options.mode ??
      (await stat(target).then(
        ({ mode }) => mode & 0o777,
        () => 0o644,
      ));
    await writeNew(temporary, text, mode);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw cliError('ERR_CLI_FILE_NOT_WRITTEN', `${path} could not be written: ${(error as NodeJS.ErrnoException).code ?? String(error)}.`, {
      cause: error,
    });
  }
}

async function writeNew(path: string, text: string, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    await file.writeFile(text);
    await file.chmod(mode);
    await file.sync();
  } finally {
    await file.close();
  }
}
