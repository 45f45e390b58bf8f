// The verifier in other runtimes and the recipes for other languages, each against the same vectors.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { inRepository, pythonEnvironment, run } from '@runlayer/local-platform';
import { commandMissing, describeWith } from '@runlayer/test-services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundlePrograms, readVectors } from './verifiers-bundle.ts';
import { startOrigin } from './verifiers-origin.ts';
import type { Origin, Report } from './verifiers-origin.ts';
import { installRuntimes } from './verifiers-runtimes.ts';
import type { Runtime } from './verifiers-runtimes.ts';

const vectors = readVectors();
const sets = [vectors.tokens, ...vectors.keys.sets];
const goodTokens = sets.reduce((sum, { good }) => sum + good.length, 0);
const forgeries = sets.reduce((sum, { bad }) => sum + bad.length, 0);

const runtimes = await installRuntimes();
const missing = (runtime: Runtime): string | undefined => ('missing' in runtime ? runtime.missing : undefined);
const program = (runtime: Runtime): string => ('program' in runtime ? runtime.program : '');

describe('the bundle of /verify', () => {
  let origin: Origin;
  let folder: string;

  beforeAll(async () => {
    origin = await startOrigin(vectors.tokens.jwks);
    folder = await bundlePrograms(vectors, origin.url);
    origin.serve(join(folder, 'page.js'));
  });

  afterAll(async () => {
    origin.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Fetched keys bring the good tokens, fifty forgeries and a redirect on top. */
  function expectAll(report: Report): void {
    expect(report).toEqual({ good: goodTokens + vectors.tokens.good.length, bad: forgeries + 51, wrong: [] });
    expect(forgeries).toBeGreaterThan(300);
  }

  async function reportOf(runtime: Runtime, ...args: string[]): Promise<Report> {
    const { code, stdout, stderr } = await run(program(runtime), args, { cwd: folder, env: { NO_COLOR: '1' }, timeoutMs: 60_000 });
    expect(code, stderr).toBe(0);
    return JSON.parse(stdout) as Report;
  }

  describeWith(missing(runtimes['Node 20.19']), 'in the oldest Node', () => {
    it('accepts and refuses as the vectors say [ID-3, ID-5]', async () => {
      expectAll(await reportOf(runtimes['Node 20.19'], 'program.mjs'));
    });
  });

  describeWith(missing(runtimes.Bun), 'in Bun', () => {
    it('accepts and refuses as the vectors say [ID-3, ID-5]', async () => {
      expectAll(await reportOf(runtimes.Bun, 'program.mjs'));
    });
  });

  describeWith(missing(runtimes.Deno), 'in Deno', () => {
    it('accepts and refuses as the vectors say, with no right but to fetch the keys [ID-3, ID-5]', async () => {
      const keysOnly = `--allow-net=${new URL(origin.url).host}`;
      expectAll(await reportOf(runtimes.Deno, 'run', '--quiet', '--no-prompt', '--no-config', keysOnly, 'program.mjs'));
    });
  });

  describeWith(missing(runtimes.workerd), 'in workerd', () => {
    it('accepts and refuses as the vectors say [ID-3, ID-5]', async () => {
      const workerd = spawn(program(runtimes.workerd), ['serve', '--control-fd=1', 'workerd.capnp'], {
        cwd: folder,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      try {
        for await (const line of createInterface({ input: workerd.stdout })) {
          const { event, port } = JSON.parse(line) as { event: string; port?: number };
          if (event !== 'listen') continue;
          const answer = await fetch(`http://127.0.0.1:${port}/`);
          expectAll((await answer.json()) as Report);
          return;
        }
        throw new Error('workerd ended before it listened');
      } finally {
        workerd.kill();
      }
    });
  });

  describeWith(commandMissing('chromium'), 'in Chromium', () => {
    it('accepts and refuses as the vectors say [ID-3, ID-5]', async () => {
      const profile = await mkdtemp(join(tmpdir(), 'runlayer-chromium-'));
      const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
      const chromium = spawn(
        'chromium',
        ['--headless', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run', ...sandbox, `--user-data-dir=${profile}`, origin.url],
        { stdio: 'ignore', detached: true },
      );
      const ended = new Promise<never>((_, reject) => chromium.once('exit', (code) => reject(new Error(`Chromium ended with ${code}`))));
      try {
        expectAll(await Promise.race([origin.report, ended]));
      } finally {
        ended.catch(() => undefined);
        if (chromium.pid !== undefined && chromium.exitCode === null) process.kill(-chromium.pid, 'SIGKILL');
        await ended.catch(() => undefined);
        await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
      }
    });
  });
});

describeWith(commandMissing('go'), 'the recipe for Go', () => {
  it('passes its tests: all vectors, and the keys over HTTP [ID-3, ID-4, ID-5]', async () => {
    // Debian's Go is enough, and nothing is fetched.
    const env = { GOFLAGS: '', GOPROXY: 'off', GOTOOLCHAIN: 'local' };
    const tested = await run('go', ['test', '-count=1', '-v', './...'], { cwd: inRepository('examples/go-upstream'), env });
    expect(tested.code, tested.stdout + tested.stderr).toBe(0);
    for (const name of ['Tokens', 'KeySets', 'Middleware', 'RotationIsSeen']) expect(tested.stdout).toContain(`--- PASS: Test${name} `);
  });
});

const [two, four] = await Promise.all(['2', '4'].map((major) => pythonEnvironment(`tests/fixtures/verifiers/fastmcp-${major}.txt`)));

describe.each([
  ['FastAPI', 'check_fastapi.py', two, vectors.tokens.good.length],
  ['FastMCP 2', 'check_fastmcp.py', two, 3],
  ['FastMCP 4', 'check_fastmcp.py', four, 3],
] as const)('the recipe for %s', (name, script, environment, most) => {
  describeWith(typeof environment === 'string' ? environment : undefined, name, () => {
    it('greets each caller by its subject, and answers every forgery with 401 [ID-5]', async () => {
      const python = typeof environment === 'object' ? environment.python : '';
      const checked = await run(python, [inRepository(`tests/fixtures/verifiers/${script}`)], {
        env: { PYTHONDONTWRITEBYTECODE: '1' },
        timeoutMs: 120_000,
      });
      expect(checked.code, checked.stderr).toBe(0);
      const { good, bad } = JSON.parse(checked.stdout) as Report;
      expect(good).toBe(most);
      expect(bad).toBeGreaterThan(300);
    });
  });
});
