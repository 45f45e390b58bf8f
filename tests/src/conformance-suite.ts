// Runs the official conformance suite against a URL and reads what it found.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '@runlayer/local-platform';

/** From good to bad. INFO takes no side: the suite says it where it could not try what it wanted to. */
const statuses = ['SUCCESS', 'INFO', 'SKIPPED', 'WARNING', 'FAILURE'] as const;

export interface Check {
  readonly id: string;
  readonly name: string;
  readonly status: (typeof statuses)[number];
  readonly errorMessage?: string;
}

/** Checks by scenario, id, name and how often that came before, as the suite uses names more than once. */
export type Checks = ReadonlyMap<string, Check>;

/** Revisions whose requirements the suite has frozen. Of others it has the scenarios that apply. */
const frozen = ['2025-11-25', '2026-07-28'];

/** Runs everything that a revision asks of a server. `key` is sent to the platform with each call. */
export async function runSuite(revision: string, url: string, key?: string): Promise<Checks> {
  const folder = await mkdtemp(join(tmpdir(), 'runlayer-conformance-'));
  try {
    const suite = fileURLToPath(import.meta.resolve('@modelcontextprotocol/conformance/dist/index.js'));
    const preload = key === undefined ? [] : ['--import', fileURLToPath(new URL('./conformance-key.ts', import.meta.url))];
    const scope = frozen.includes(revision) ? ['--requirements', revision] : ['--suite', 'all', '--spec-version', revision];
    const { stdout, stderr } = await run(process.execPath, [...preload, suite, 'server', '--url', url, ...scope, '--output-dir', folder], {
      env: { CONFORMANCE_ORIGIN: new URL(url).origin, CONFORMANCE_KEY: key },
    });
    const checks = await readChecks(folder);
    // Its exit code only says whether a check failed.
    if (checks.size === 0) throw new Error(`The conformance suite found nothing:\n${stdout}${stderr}`);
    return checks;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readChecks(folder: string): Promise<Checks> {
  const checks = new Map<string, Check>();
  for (const scenario of (await readdir(folder)).sort()) {
    const name = /^server-(.*)-\d{4}-\d\d-\d\dT/.exec(scenario)?.[1] ?? scenario;
    const found = JSON.parse(await readFile(join(folder, scenario, 'checks.json'), 'utf8')) as Check[];
    for (const check of found) checks.set(freeKey(checks, `${name}: ${check.id} ${check.name}`), check);
  }
  return checks;
}

function freeKey(checks: Checks, key: string): string {
  for (let time = 2, free = key; ; free = `${key} (${time++})`) {
    if (!checks.has(free)) return free;
  }
}

/** How many checks ended with each status. */
export function countByStatus(checks: Checks): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of checks.values()) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** Checks that are worse in `through` than in `direct`, in words. One that is missing is worse, and so is a failure that is new. */
export function worseChecks(direct: Checks, through: Checks): string[] {
  return [...new Set([...direct.keys(), ...through.keys()])].flatMap((key) => {
    const [before, after] = [direct.get(key), through.get(key)];
    if (!isWorse(before?.status, after?.status)) return [];
    return [`${key}: ${before?.status ?? 'missing'} became ${after?.status ?? 'missing'}. ${after?.errorMessage ?? ''}`.trim()];
  });
}

/** Notes about single messages take no side, and their number varies with the pieces that a stream comes in. */
function isWorse(before: Check['status'] = 'INFO', after?: Check['status']): boolean {
  if (after === undefined) return before !== 'INFO';
  return before === 'INFO' ? after === 'WARNING' || after === 'FAILURE' : statuses.indexOf(after) > statuses.indexOf(before);
}
