import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { build } from 'tsup';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSigner, generateSigningKey } from './index.ts';
import type * as Sign from './index.ts';

const require = createRequire(import.meta.url);
const key = generateSigningKey();
const options = { issuer: 'https://runlayer.example', key };
const user = { subjectType: 'user', organizationId: 'o', userId: 'u', userEmail: 'ann@example.com' } as const;
const fixed = { clock: () => 0, newId: () => 'id' };
const expectedToken = createSigner({ ...options, ...fixed }).sign(user, 's');
let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'identity-engine-'));
  await writeFile(join(root, 'package.json'), '{"type":"module"}');
  const entry = { sign: join(import.meta.dirname, 'index.ts') };
  await build({
    config: false,
    entry,
    outDir: root,
    format: ['esm', 'cjs'],
    platform: 'node',
    target: 'node20',
    silent: true,
    clean: false,
  });
});

afterAll(() => rm(root, { recursive: true, force: true }));

/** The built signer in the folder of a program whose `sodium-native` is `none`, the `real` one, or this code. */
async function program(sodium: string, file: 'sign.js' | 'sign.cjs' = 'sign.js'): Promise<string> {
  const folder = await mkdtemp(join(root, 'program-'));
  await copyFile(join(root, file), join(folder, file));
  const place = join(folder, 'node_modules/sodium-native');
  await mkdir(dirname(place));
  if (sodium === 'real') await symlink(dirname(require.resolve('sodium-native/package.json')), place);
  else if (sodium !== 'none') {
    await mkdir(place);
    await writeFile(join(place, 'package.json'), '{"main":"index.js"}');
    await writeFile(join(place, 'index.js'), sodium);
  }
  return join(folder, file);
}

/** What a program prints that signs with the engine chosen for it, and then asks for libsodium. */
async function printed(file: string): Promise<{ stdout: string; stderr: string }> {
  const text = `import { createSigner } from ${JSON.stringify(pathToFileURL(file).href)};
    const options = { ...JSON.parse(process.argv[1]), clock: () => 0, newId: () => 'id' };
    const signer = createSigner(options);
    console.log(signer.engine, signer.sign(${JSON.stringify(user)}, 's'));
    try { createSigner({ ...options, engine: 'sodium' }); } catch ({ code }) { console.log(code); }`;
  // A package manager that runs the tests may name its own folders here.
  const { NODE_PATH: _, ...env } = process.env;
  return promisify(execFile)(process.execPath, ['--input-type=module', '-e', text, JSON.stringify(options)], { env });
}

describe('the engine', () => {
  it.each(['auto', 'sodium', undefined] as const)('is libsodium where it is installed and %j is asked for', (engine) => {
    expect(createSigner({ ...options, ...(engine && { engine }) }).engine).toBe('sodium');
  });

  it('is node:crypto where that is asked for', () => {
    expect(createSigner({ ...options, engine: 'node' }).engine).toBe('node');
  });

  it.each([
    ['is not installed', 'none'],
    ['has no binary for the machine', "throw new Error('ADDON_NOT_FOUND');"],
    ['signs wrong', 'exports.crypto_sign_detached = (signature) => { signature.fill(1); };'],
    ['does not sign', 'exports.crypto_sign_detached = () => undefined;'],
    ['has no such function', 'exports.version = 9;'],
    ['is nothing', 'module.exports = undefined;'],
  ])('is node:crypto, silently, where libsodium %s; asked for by name it is refused', async (_name, sodium) => {
    expect(await printed(await program(sodium))).toEqual({ stdout: `node ${expectedToken}\nERR_IDENTITY_ENGINE\n`, stderr: '' });
  });

  it('is libsodium in a program that has it', async () => {
    expect(await printed(await program('real'))).toEqual({ stdout: `sodium ${expectedToken}\n`, stderr: '' });
  });

  it('stands in the way of neither require nor a bundle without an address of its own', async () => {
    expect((require(await program('real')) as typeof Sign).createSigner(options).engine).toBe('sodium');
    expect((require(await program('real', 'sign.cjs')) as typeof Sign).createSigner(options).engine).toBe('node');
  });

  it('is the same in every worker thread', async () => {
    const text = `import { createSigner } from ${JSON.stringify(pathToFileURL(await program('real')).href)};
      import { parentPort, workerData } from 'node:worker_threads';
      const signer = createSigner({ ...workerData, clock: () => 0, newId: () => 'id' });
      parentPort.postMessage([signer.engine, signer.sign(${JSON.stringify(user)}, 's')]);`;
    const url = new URL(`data:text/javascript,${encodeURIComponent(text)}`);
    const answers = [1, 2].map(async () => (await once(new Worker(url, { workerData: options }), 'message'))[0] as unknown);
    expect(await Promise.all(answers)).toEqual([1, 2].map(() => ['sodium', expectedToken]));
  });
});
