// What is wrong with a data folder, in words.
import { fail } from '../error-codes.ts';

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of its path is a file',
  EEXIST: 'a file is in its place',
};

/** The error for what the file system said of a folder. */
export function folderFault(error: unknown, folder: string): Error {
  const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC') return fail('ERR_DATABASE_NO_SPACE', `The disk of the data folder ${folder} is full.`);
  return fail('ERR_DATABASE_FOLDER', `The data folder ${folder} cannot be used: ${reasons[code] ?? code}.`);
}
