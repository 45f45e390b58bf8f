import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Database } from '../database/database.ts';
import { createSealer } from './create-sealer.ts';
import { loadOrCreateKeyFile, parseSealKeys } from './key-file.ts';

const place = { row: randomUUID(), column: 'deployments.sealed_env' };

describe('a sealer', () => {
  const key = randomBytes(32);
  const sealer = createSealer([key]);

  it('opens what it sealed, whatever it was, and never seals alike twice [SEC-1]', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (plain) => {
        const sealed = sealer.seal(plain, place);
        expect(sealer.open(sealed, place)).toBe(plain);
        expect(sealer.seal(plain, place)).not.toBe(sealed);
      }),
    );
  });

  it.each([
    ['another row', { ...place, row: randomUUID() }],
    ['another column', { ...place, column: 'releases.sealed_env' }],
  ])('refuses a value moved to %s [SEC-1]', (_name, elsewhere) => {
    expect(() => sealer.open(sealer.seal('x', place), elsewhere)).toThrow(expect.objectContaining({ code: 'ERR_SEAL_BROKEN' }));
  });

  it('refuses a value changed in any character', () => {
    const sealed = sealer.seal('secret', place);
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
      // The last character of base64url has unused bits: such a change changes no byte.
      if (
        Buffer.from(changed.split('.')[3] ?? '', 'base64url').equals(Buffer.from(sealed.split('.')[3] ?? '', 'base64url')) &&
        changed.slice(0, 30) === sealed.slice(0, 30)
      )
        continue;
      expect(() => sealer.open(changed, place)).toThrow();
    }
  });

  it('rotates: the new key seals, both open, and a missing one is named [SEC-1]', () => {
    const sealed = sealer.seal('x', place);
    const rotated = createSealer([randomBytes(32), key]);
    expect(rotated.open(sealed, place)).toBe('x');
    expect(rotated.isCurrent(sealed)).toBe(false);
    expect(rotated.isCurrent(rotated.seal('x', place))).toBe(true);
    expect(() => createSealer([randomBytes(32)]).open(sealed, place)).toThrow(expect.objectContaining({ code: 'ERR_SEAL_KEY_WRONG' }));
  });

  it.each([[[]], [[new Uint8Array(16)]]])('refuses the keys %j', (keys) => {
    expect(() => createSealer(keys)).toThrow(expect.objectContaining({ code: 'ERR_SEAL_KEY_INVALID' }));
  });
});

describe('the key file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'runlayer-keys-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const databaseWith = (canaries: readonly unknown[]) => ({ query: async () => canaries }) as unknown as Database;

  it('is made once, for its owner only, and read the same ever after [SEC-1]', async () => {
    const path = join(folder, 'made', 'seal.key');
    const keys = await Promise.all([1, 2, 3].map(() => loadOrCreateKeyFile(path, databaseWith([]))));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(keys).toEqual([keys[0], keys[0], keys[0]]);
    expect(readdirSync(join(folder, 'made'))).toEqual(['seal.key']);
    expect(Buffer.from(readFileSync(path, 'utf8'), 'base64')).toEqual(Buffer.from(keys[0]?.[0] ?? []));
  });

  it('is not made anew under a database that was sealed with the lost one', async () => {
    const path = join(folder, 'lost.key');
    await expect(loadOrCreateKeyFile(path, databaseWith([{}]))).rejects.toMatchObject({ code: 'ERR_SEAL_KEY_MISSING' });
    expect(existsSync(path)).toBe(false);
  });

  it('may hold several keys and comments, and is refused when one is not a key', async () => {
    const keys = [randomBytes(32), randomBytes(32)];
    const path = join(folder, 'two.key');
    writeFileSync(path, `# new\n${keys.map((key) => key.toString('base64')).join('\n\n')}\n`);
    expect(await loadOrCreateKeyFile(path, databaseWith([{}]))).toEqual(keys);
    expect(() => parseSealKeys('abc', 'two.key')).toThrow(
      expect.objectContaining({ code: 'ERR_SEAL_KEY_INVALID', message: expect.not.stringContaining('abc') }),
    );
    expect(() => parseSealKeys('\n', 'two.key')).toThrow(expect.objectContaining({ code: 'ERR_SEAL_KEY_INVALID' }));
  });
});
