import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'tsup';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { goodClaims, goodHeader, issuer, now, platformKey, serverId, signParts } from '../test-vectors/craft.ts';
import { createVerifier } from './index.ts';
import type { NodeVerifierOptions } from './index.ts';

const require = createRequire(import.meta.url);
const options = { issuer, serverId, jwks: { keys: [platformKey.jwk] } };
const token = signParts(goodHeader, goodClaims.user);
let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'identity-node-'));
  await writeFile(join(root, 'package.json'), '{"type":"module"}');
  const entry = { node: join(import.meta.dirname, 'index.ts') };
  await build({
    config: false,
    entry,
    outDir: root,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    noExternal: ['jose'],
    silent: true,
    clean: false,
  });
});

afterAll(() => rm(root, { recursive: true, force: true }));

/** What a program prints whose `sodium-native` is `none`, the `real` one, or this code. */
async function printed(sodium: string): Promise<string> {
  const folder = await mkdtemp(join(root, 'program-'));
  await copyFile(join(root, 'node.js'), join(folder, 'node.js'));
  const place = join(folder, 'node_modules/sodium-native');
  await mkdir(dirname(place));
  if (sodium === 'real') await symlink(dirname(require.resolve('sodium-native/package.json')), place);
  else if (sodium !== 'none') {
    await mkdir(place);
    await writeFile(join(place, 'package.json'), '{"main":"index.js"}');
    await writeFile(join(place, 'index.js'), sodium);
  }
  const text = `import { createVerifier } from ${JSON.stringify(pathToFileURL(join(folder, 'node.js')).href)};
    const options = { ...JSON.parse(process.argv[1]), clock: () => ${now * 1000} };
    const verifier = createVerifier(options);
    const caller = await verifier.verify(${JSON.stringify(token)});
    console.log(verifier.engine, caller.userEmail);
    try { createVerifier({ ...options, engine: 'sodium' }); } catch ({ code }) { console.log(code); }`;
  const { NODE_PATH: _, ...env } = process.env;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', text, JSON.stringify(options)], {
    env,
  });
  return stdout + stderr;
}

const signsRight = `const { sign, createPrivateKey } = require('node:crypto');
  exports.crypto_sign_detached = (signature, message, secret) => {
    const key = createPrivateKey({ format: 'der', type: 'pkcs8', key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), secret.subarray(0, 32)]) });
    signature.set(sign(null, message, key));
  };`;

describe('the engine', () => {
  it.each(['auto', 'sodium', undefined] as const)('is libsodium where it is installed and %j is asked for', (engine) => {
    expect(createVerifier({ ...options, engine }).engine).toBe('sodium');
  });

  it('is node:crypto where that is asked for', () => {
    expect(createVerifier({ ...options, engine: 'node' }).engine).toBe('node');
  });

  it('is none of another name', () => {
    expect(() => createVerifier({ ...options, engine: 'web' } as unknown as NodeVerifierOptions)).toThrow(
      expect.objectContaining({ code: 'ERR_IDENTITY_OPTIONS' }),
    );
  });

  it('is libsodium in a program that has it', async () => {
    expect(await printed('real')).toBe('sodium ann@example.com\n');
  });

  it.each([
    ['is not installed', 'none'],
    ['has no binary for the machine', "throw new Error('ADDON_NOT_FOUND');"],
    ['checks nothing', signsRight],
    ['takes every signature', `${signsRight} exports.crypto_sign_verify_detached = () => true;`],
    ['takes no signature', `${signsRight} exports.crypto_sign_verify_detached = () => false;`],
    ['throws at a signature', `${signsRight} exports.crypto_sign_verify_detached = () => { throw new Error('no'); };`],
  ])('is node:crypto, silently, where libsodium %s; asked for by name it is refused', async (_name, sodium) => {
    expect(await printed(sodium)).toBe('node ann@example.com\nERR_IDENTITY_ENGINE\n');
  });
});
