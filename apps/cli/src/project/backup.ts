// A copy of a file beside it, named for the moment; an existing copy is never touched.
import { copyFile, constants } from 'node:fs/promises';
import { cliError } from '../error-codes.ts';

/** `<file>.backup.YYYY-MM-DD-HHMMSS`, local time; from the second of one moment on with `-2`, `-3`. */
export function backupName(file: string, now: Date, attempt: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  const time = `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
  return `${file}.backup.${day}-${time}${attempt === 1 ? '' : `-${attempt}`}`;
}

/** Copies the file. @returns the path of the copy @throws ERR_CLI_FILE_NOT_WRITTEN */
export async function backUp(file: string, now: Date = new Date()): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const copy = backupName(file, now, attempt);
    try {
      await copyFile(file, copy, constants.COPYFILE_EXCL);
      return copy;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EEXIST' || attempt === 100)
        throw cliError('ERR_CLI_FILE_NOT_WRITTEN', `The backup ${copy} could not be written: ${code}.`, { cause: error });
    }
  }
}
