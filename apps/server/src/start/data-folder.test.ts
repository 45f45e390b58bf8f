// What is said of a data folder that cannot be used.
import { existsSync, mkdtempSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { prepareDataFolder } from './data-folder.ts';

const scratch = () => mkdtempSync(join(tmpdir(), 'data-folder-'));

it('makes the folder for this user only and leaves nothing in it', () => {
  const folder = join(scratch(), 'a', 'b');
  prepareDataFolder(folder);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(readdirSync(folder)).toEqual([]);
});

it('names a file in the way', () => {
  const file = join(scratch(), 'file');
  writeFileSync(file, '');
  for (const folder of [file, join(file, 'below')]) {
    expect(() => prepareDataFolder(folder)).toThrow(
      expect.objectContaining({ code: 'ERR_DATA_DIR', message: expect.stringMatching(/file\.$/) }),
    );
  }
});

// /dev/full takes no byte: the one full disk that every Linux has.
it.runIf(existsSync('/dev/full'))('says that the disk is full', () => {
  const folder = scratch();
  symlinkSync('/dev/full', join(folder, `.probe-${process.pid}`));
  expect(() => prepareDataFolder(folder)).toThrow(
    expect.objectContaining({
      code: 'ERR_DATA_DIR',
      message: expect.stringContaining('the disk is full'),
      hint: expect.stringContaining('Free space'),
    }),
  );
});
