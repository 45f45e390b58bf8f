// What holds of releases and the worker on either database.
import type { Failure, Provisioner } from '@runlayer/provisioner';
import { createMemoryProvisioner, createMemoryTarget } from '@runlayer/provisioner/memory';
import { describe, expect, it, vi } from 'vitest';
import type { Database } from '../database/database.ts';
import { logBounds } from '../releases/append-lines.ts';
import type { BenchOptions } from './bench.ts';
import { createBench, deployed, ended, mortal, quickWorker, uploaded, until, yaml } from './bench.ts';

export function releasesSuite(open: () => Database): void {
  describe('releases', () => {
    const started = async (options: BenchOptions = {}) => {
      const bench = await createBench(open(), options);
      await bench.control.start();
      return bench;
    };

    it('runs to serving, with a log of whole lines and the status after them', async () => {
      const bench = await started();
      const { deployment, release } = await deployed(bench);
      expect(release).toMatchObject({
        status: 'succeeded',
        failure: null,
        number: 1,
        image: 'demo/notes:1',
        pinnedImage: 'sha256:demo/notes:1',
      });
      expect(deployment).toMatchObject({ state: 'serving', servingReleaseId: release.id });
      const log = await bench.control.releases.log(bench.admin, release.id);
      expect(log.text).toMatch(/^Release 1 of notes, started by admin@localhost\.\n/);
      expect(log.text).toMatch(new RegExp(`Serving at ${deployment.url}$`));
      expect(log.text.split('\n')).toHaveLength(log.lines);
      expect((await bench.control.releases.log(bench.admin, release.id, { after: log.lines - 1 })).text).toBe(
        `Serving at ${deployment.url}`,
      );
      expect(await bench.control.deployments.status(bench.admin, deployment.id)).toMatchObject({
        state: 'serving',
        release: { id: release.id, status: 'succeeded' },
      });
    });

    it('gives the container the automatic variables, and its defaults unless the file sets them [AUTO-1]', async () => {
      const bench = await started();
      const { deployment } = await deployed(bench, yaml('env:\n  RUNLAYER_IDENTITY_JWKS_URL: http://own/jwks\n'));
      expect(bench.applied[0]?.env).toEqual({
        DEPLOYMENT_URL: `https://mcp.example.com/api/v1/proxy/hosted/${deployment.id}`,
        RUNLAYER_URL: 'https://mcp.example.com',
        RUNLAYER_OAUTH_CALLBACK_URL: 'https://mcp.example.com/oauth/callback',
        RUNLAYER_DEPLOYMENT_ID: deployment.id,
        RUNLAYER_SERVER_ID: deployment.serverId,
      });
      expect(bench.applied[0]?.secrets).toEqual({ RUNLAYER_IDENTITY_JWKS_URL: 'http://own/jwks' });
    });

    it('replaces $$ references in values when it deploys [AUTO-2]', async () => {
      const bench = await started();
      const { deployment } = await deployed(
        bench,
        yaml('env:\n  OAUTH_ISSUER: $$DEPLOYMENT_URL\n  CB: x $$RUNLAYER_OAUTH_CALLBACK_URL $$OTHER\n'),
      );
      expect(bench.applied[0]?.secrets).toEqual({ OAUTH_ISSUER: deployment.url, CB: 'x https://mcp.example.com/oauth/callback $$OTHER' });
    });

    it('keeps what a release deploys when something else is uploaded meanwhile', async () => {
      const bench = await started();
      const { deployment, release } = await deployed(bench);
      await bench.control.deployments.update(bench.admin, deployment.id, { yaml: yaml('', 'image: demo/notes:2') });
      expect(await bench.control.releases.get(bench.admin, release.id)).toMatchObject({ image: 'demo/notes:1', status: 'succeeded' });
      await ended(bench, (await bench.control.deployments.trigger(bench.admin, deployment.id)).id);
      const { items, total } = await bench.control.releases.list(bench.admin, deployment.id);
      expect(total).toBe(2);
      expect(items.map(({ number, image }) => [number, image])).toEqual([
        [2, 'demo/notes:2'],
        [1, 'demo/notes:1'],
      ]);
    });

    it('names the cause of a failed start with evidence and a fix, and says nothing serves [PLAT-4]', async () => {
      const bench = await started();
      const { deployment, release } = await deployed(bench, yaml('', 'image: demo/fail-exited-at-start:1'));
      expect(release).toMatchObject({
        status: 'failed',
        failure: { code: 'exited_at_start', evidence: { exitCode: 1 } },
        stillServing: null,
      });
      expect(deployment.state).toBe('failed');
      const { text } = await bench.control.releases.log(bench.admin, release.id);
      expect(text).toMatch(/Failed: The container exited with code 1\.\n[^]*Exit code: 1\n[^]*What to do: /);
    });

    it.each(['fail-exited-at-start', 'fail-image-missing'])(
      'tells truthfully that the former release goes on serving after %s [PLAT-4]',
      async (image) => {
        const bench = await started();
        const { deployment, release } = await deployed(bench);
        await bench.control.deployments.update(bench.admin, deployment.id, { yaml: yaml('', `image: demo/${image}:1`) });
        const second = await ended(bench, (await bench.control.deployments.trigger(bench.admin, deployment.id)).id);
        expect(second).toMatchObject({ status: 'failed', stillServing: release.id });
        expect(await bench.control.deployments.get(bench.admin, deployment.id)).toMatchObject({
          state: 'serving',
          servingReleaseId: release.id,
        });
      },
    );

    it('fails a release whose image is nowhere, or of another architecture than stated [CFG-5, PLAT-4]', async () => {
      let found: { image: string; platform: 'x86' | 'arm' } | undefined;
      const resolve = vi.fn(async () => found);
      const bench = await started({ images: { resolve } });
      const missing = await deployed(bench, yaml('  platform: x86\n'));
      expect(missing.release.failure).toMatchObject({ code: 'image_missing', message: expect.stringContaining('demo/notes:1') });
      found = { image: 'sha256:1', platform: 'arm' };
      const again = await ended(bench, (await bench.control.deployments.trigger(bench.admin, missing.deployment.id)).id);
      expect(again.failure).toMatchObject({ code: 'wrong_architecture', evidence: { architecture: 'arm64' } });
      expect(bench.applied).toEqual([]);
    });

    it('tries an unreachable target again a few times, then fails with the reason', async () => {
      const plan = vi.fn(async () => Promise.reject(new Error('connect ECONNREFUSED')));
      const broken: Provisioner = { ...createMemoryProvisioner(), plan };
      const bench = await started({ provisioner: broken });
      const { release } = await deployed(bench);
      expect(plan).toHaveBeenCalledTimes(3);
      expect(release).toMatchObject({
        status: 'failed',
        failure: { code: 'engine_error', message: expect.stringContaining('ECONNREFUSED') },
      });
    });

    it('fails a release that takes too long', async () => {
      const bench = await started({ behave: () => ({ startMs: 60_000 }), worker: { pollMs: 20, releaseTimeoutMs: 100 } });
      const { release } = await deployed(bench);
      expect(release).toMatchObject({ status: 'failed', failure: { message: 'The release did not end within 0.1 s.' } });
    });

    it('takes over what an abandoned worker left in the middle, and fences the old one off', async () => {
      const target = createMemoryTarget();
      let release: (() => void) | undefined;
      const stuck = new Promise<void>((resolve) => {
        release = resolve;
      });
      const inner = createMemoryProvisioner({ target });
      const hanging: Provisioner = {
        ...inner,
        async *apply(spec, options) {
          yield { type: 'step', step: 'hang', message: 'Hanging.' };
          await stuck;
          yield* inner.apply(spec, { ...options, signal: undefined });
        },
      };
      const { database, cut, restore } = mortal(open());
      const first = await createBench(database, { provisioner: hanging });
      await first.control.start();
      const { id } = await uploaded(first);
      const begun = await first.control.deployments.trigger(first.admin, id);
      await until(
        () => first.control.releases.log(first.admin, begun.id),
        ({ text }) => text.includes('Hanging.'),
      );
      cut();
      const second = await started({ keep: true, provisioner: inner });
      const done = await ended(second, begun.id);
      expect(done.status).toBe('succeeded');
      const before = await second.control.releases.log(second.admin, begun.id);
      expect(before.text).toContain('Going on after an interruption (attempt 2).');
      restore();
      release?.();
      await first.control.stop();
      expect(await second.control.releases.log(second.admin, begun.id)).toEqual(before);
      expect(await second.control.releases.get(second.admin, begun.id)).toEqual(done);
      expect(target.list(id)).toHaveLength(1);
    });

    it('goes on after a stop, without counting it as an attempt', async () => {
      const first = await started({ behave: () => ({ startMs: 60_000 }) });
      const { id } = await uploaded(first);
      const begun = await first.control.deployments.trigger(first.admin, id);
      await until(
        () => first.applied.length,
        (count) => count > 0,
      );
      await first.control.stop();
      expect((await first.control.releases.get(first.admin, begun.id)).status).toBe('running');
      const second = await started({ keep: true });
      expect((await ended(second, begun.id)).status).toBe('succeeded');
    });

    it('gives up a release that keeps taking the process down', async () => {
      const bench = await createBench(open());
      const { id } = await uploaded(bench);
      const begun = await bench.control.deployments.trigger(bench.admin, id);
      await bench.database.query((db) => db.execute('update jobs set attempts = 5'));
      await bench.control.start();
      expect(await ended(bench, begun.id)).toMatchObject({ status: 'failed', failure: { message: expect.stringContaining('gave up') } });
      await bench.control.stop();
    });

    it('fails a release whose sealed values were tampered with, after its attempts', async () => {
      const bench = await createBench(open(), { worker: { ...quickWorker, maxAttempts: 2 } });
      const { id } = await uploaded(bench);
      const begun = await bench.control.deployments.trigger(bench.admin, id);
      await bench.database.query((db) => db.execute('update releases set sealed_env = (select sealed_env from deployments)'));
      await bench.control.start();
      expect(await ended(bench, begun.id)).toMatchObject({ status: 'failed', failure: { message: expect.stringContaining('gave up') } });
      expect(bench.applied).toEqual([]);
      await bench.control.deployments.destroy(bench.admin, id);
      await until(
        () => bench.control.deployments.get(bench.admin, id),
        ({ deletionStatus }) => deletionStatus === 'deleted',
      );
    });

    it('goes on with a removal after a restart, and tries again what the target could not do', async () => {
      const target = createMemoryTarget();
      const inner = createMemoryProvisioner({ target });
      let calls = 0;
      const flaky: Provisioner = {
        ...inner,
        async *destroy(id, options) {
          calls += 1;
          if (calls === 1) throw new Error('engine is gone');
          if (calls === 2) yield { type: 'destroyed', remaining: ['container notes'] };
          else yield* inner.destroy(id, options);
        },
      };
      const first = await started({ provisioner: flaky });
      const { deployment } = await deployed(first);
      await first.control.stop();
      await first.control.deployments.destroy(first.admin, deployment.id);
      const second = await started({ keep: true, provisioner: flaky });
      const seen = await until(
        () => second.control.deployments.get(second.admin, deployment.id),
        ({ deletionStatus }) => deletionStatus === 'deleted',
      );
      expect([calls, seen.deletionFailure, target.list(deployment.id)]).toEqual([3, null, []]);
    });

    it('stores a flood of lines up to the bound, then says so once, and still tells the end', async () => {
      const inner = createMemoryProvisioner();
      const flooding: Provisioner = {
        ...inner,
        async *apply(spec, options) {
          for (let line = 0; line < logBounds.lines + 500; line += 1) yield { type: 'log', line: `line ${line}` };
          yield* inner.apply(spec, options);
        },
      };
      const bench = await started({ provisioner: flooding, worker: { pollMs: 20 } });
      const { release } = await deployed(bench);
      const { text, lines } = await bench.control.releases.log(bench.admin, release.id);
      expect(lines).toBeLessThan(logBounds.lines + 10);
      expect(text.match(/The log is longer than what is kept/g)).toHaveLength(1);
      expect(text).toMatch(/Serving at \S+$/);
    });

    it('stores only whole, printable lines', async () => {
      const inner = createMemoryProvisioner();
      const odd: Provisioner = {
        ...inner,
        async *apply(spec, options) {
          yield { type: 'log', line: 'two\nlines\r\n\n' };
          yield { type: 'log', line: '\u001b[31mred\u001b[0m\u0000 end \ud800' };
          yield* inner.apply(spec, options);
        },
      };
      const bench = await started({ provisioner: odd });
      const { release } = await deployed(bench);
      const { text } = await bench.control.releases.log(bench.admin, release.id);
      expect(text).toContain('\ntwo\nlines\nred end \ufffd\n');
    });

    it('stores no secret of a failure', async () => {
      const failure: Failure = {
        code: 'exited_at_start',
        message: 'bad token s3cret-token-value',
        fix: 'x',
        evidence: { exitCode: 1, lastLines: ['token=s3cret-token-value'] },
      };
      const leaking: Provisioner = {
        ...createMemoryProvisioner(),
        async *apply() {
          yield { type: 'failed', failure };
        },
      };
      const bench = await started({ provisioner: leaking });
      const { release } = await deployed(bench, yaml('env:\n  TOKEN: s3cret-token-value\n'));
      expect(release.failure).toMatchObject({ message: 'bad token ***', evidence: { lastLines: ['token=***'] } });
    });
  });
}
