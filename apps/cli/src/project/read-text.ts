// Reads a file that a person wrote: bounded, and UTF-8 or refused.
import { readFile, stat } from 'node:fs/promises';
import { cliError } from '../error-codes.ts';

const maxBytes = 16 * 1024 * 1024;

/** The text, or `undefined` when there is no such file. @throws ERR_CLI_FILE_UNREADABLE for a folder, a huge file, or bytes that are no UTF-8 */
export async function readText(path: string, shown: string = path): Promise<string | undefined> {
  try {
    const { size } = await stat(path);
    if (size > maxBytes) throw unreadable(shown, `it is too large: ${Math.round(size / 1024 / 1024)} MiB`);
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (code?.startsWith('ERR_CLI_') === true) throw error;
    throw unreadable(shown, code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'it is not UTF-8 text' : (code ?? String(error)), error);
  }
}

function unreadable(file: string, reason: string, cause?: unknown): Error {
  return cliError('ERR_CLI_FILE_UNREADABLE', `${file} cannot be read: ${reason}.`, { cause });
}
