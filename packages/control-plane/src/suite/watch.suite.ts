// What holds of instances that move: callers follow without a gap, and nobody is sent where an instance used to be.
import type { Endpoint, Provisioner, WatchEvent } from '@runlayer/provisioner';
import { watchStream } from '@runlayer/provisioner/driver';
import type { MemoryTarget } from '@runlayer/provisioner/memory';
import { createMemoryProvisioner, createMemoryTarget } from '@runlayer/provisioner/memory';
import { describe, expect, it, vi } from 'vitest';
import type { Database } from '../database/database.ts';
import type { Bench } from './bench.ts';
import { createBench, deployed, ended, quickWorker, until, yaml } from './bench.ts';

export function watchSuite(open: () => Database): void {
  describe('instances that move', () => {
    it('loses no call while releases go through, also where the target tells nothing by itself [PLAT-4]', async () => {
      const bench = await createBench(open(), { provisioner: { ...createMemoryProvisioner(), async *watch() {} } });
      await bench.control.start();
      const { deployment } = await deployed(bench, roundYaml(0));
      const finished = new AbortController();
      const callers = Promise.all(Array.from({ length: 8 }, () => callOn(bench, deployment.id, finished.signal)));
      // A failed call is reported below; until then it must not count as unhandled.
      callers.catch(() => {});
      for (let round = 1; round <= 3; round += 1) {
        await bench.control.deployments.update(bench.admin, deployment.id, { yaml: roundYaml(round) });
        const release = await ended(bench, (await bench.control.deployments.trigger(bench.admin, deployment.id)).id);
        expect(release.status).toBe('succeeded');
        expect(await callOnce(bench, deployment.id)).toBe(String(round));
      }
      finished.abort();
      for (const seen of await callers) expect(seen).toEqual([...seen].sort());
      await bench.control.stop();
    });

    it('has moved the routes before the target may stop the former instance', async () => {
      const inner = createMemoryProvisioner();
      const routed: (readonly Endpoint[] | undefined)[] = [];
      const moved: (readonly Endpoint[])[] = [];
      const provisioner: Provisioner = {
        ...inner,
        async *watch() {},
        async *apply(spec, options) {
          for await (const event of inner.apply(spec, options)) {
            yield event;
            if (event.type !== 'step' || event.endpoints === undefined) continue;
            moved.push(event.endpoints);
            routed.push((await bench.control.routes.deploymentRoute(spec.deploymentId))?.endpoints);
          }
        },
      };
      const bench = await createBench(open(), { provisioner });
      await bench.control.start();
      const { deployment } = await deployed(bench, roundYaml(0));
      await bench.control.routes.deploymentRoute(deployment.id);
      await bench.control.deployments.update(bench.admin, deployment.id, { yaml: roundYaml(1) });
      await ended(bench, (await bench.control.deployments.trigger(bench.admin, deployment.id)).id);
      expect(routed).toEqual(moved);
      expect(routed).toHaveLength(1);
      await bench.control.stop();
    });

    it('lets the former instance go on with the sessions in use until they have ended, or their time is up [PROXY-1]', async () => {
      const bench = await createBench(open(), { worker: { ...quickWorker, drainMs: 60_000 } });
      await bench.control.start();
      const { deployment } = await deployed(bench, roundYaml(0));
      const { routes, sessions } = bench.control;
      const [former] = (await routes.deploymentRoute(deployment.id))?.endpoints ?? [];
      const [organizationId, routeId, instance] = [bench.admin.organizationId, deployment.id, former?.instance ?? ''];
      const session = { organizationId, routeId, fingerprint: 'a', principal: 'user:ada', instance, lastUsedAt: Date.now() };
      const longAgo = { ...session, fingerprint: 'b', lastUsedAt: Date.now() - 3_600_000 };
      const elsewhere = { ...session, fingerprint: 'c', instance: 'gone long ago' };
      await sessions.write([session, longAgo, elsewhere].map((opened) => ({ kind: 'opened', session: opened })));
      await bench.control.deployments.update(bench.admin, deployment.id, { yaml: roundYaml(1) });
      const { id } = await bench.control.deployments.trigger(bench.admin, deployment.id);
      await until(
        () => bench.control.releases.log(bench.admin, id),
        ({ text }) => text.includes('Sessions in use on the former instance: 1;'),
      );
      const route = await routes.deploymentRoute(deployment.id);
      expect(route?.draining).toEqual([former]);
      expect(route?.endpoints).not.toContainEqual(former);
      expect((await bench.control.releases.get(bench.admin, id)).status).toBe('running');
      await sessions.write([{ kind: 'closed', session }]);
      expect((await ended(bench, id)).status).toBe('succeeded');
      const after = await until(
        () => routes.deploymentRoute(deployment.id),
        (found) => found?.draining.length === 0,
      );
      expect(after?.endpoints).toEqual(route?.endpoints);
      await bench.control.stop();
    });

    it('ends the drain when its time is up', async () => {
      const bench = await createBench(open(), { worker: { ...quickWorker, drainMs: 50 } });
      await bench.control.start();
      const { deployment } = await deployed(bench, roundYaml(0));
      const [former] = (await bench.control.routes.deploymentRoute(deployment.id))?.endpoints ?? [];
      const [organizationId, routeId, instance] = [bench.admin.organizationId, deployment.id, former?.instance ?? ''];
      const session = { organizationId, routeId, fingerprint: 'a', principal: 'user:ada', instance, lastUsedAt: Date.now() };
      await bench.control.sessions.write([{ kind: 'opened', session }]);
      await bench.control.deployments.update(bench.admin, deployment.id, { yaml: roundYaml(1) });
      const { id } = await bench.control.deployments.trigger(bench.admin, deployment.id);
      expect((await ended(bench, id)).status).toBe('succeeded');
      expect((await bench.control.releases.log(bench.admin, id)).text).toContain('Sessions in use on the former instance: 1;');
      await bench.control.stop();
    });

    it('sees by itself that an instance died, tells the cause, and sees it come back [PLAT-4]', async () => {
      const bench = await createBench(open());
      await bench.control.start();
      const { deployment } = await deployed(bench);
      const read = () => bench.control.deployments.get(bench.admin, deployment.id);
      await bench.target.crash(deployment.id);
      const dead = await until(read, ({ failure }) => failure !== null);
      expect(dead).toMatchObject({ state: 'failed', failure: { code: 'exited_at_start', message: expect.any(String) } });
      expect(await bench.control.deployments.status(bench.admin, deployment.id)).toMatchObject({ state: 'failed', failure: dead.failure });
      expect(await bench.control.routes.deploymentRoute(deployment.id)).toMatchObject({ state: 'failed', endpoints: [] });
      const [spec] = bench.applied;
      if (spec === undefined) throw new Error('nothing was applied');
      for await (const _event of bench.provisioner.apply(spec)) continue;
      expect(await until(read, ({ state }) => state === 'serving')).toMatchObject({ failure: null });
      await bench.control.stop();
    });

    it('shows no secret of what a container that died wrote [SEC-1]', async () => {
      const { target, provisioner } = world();
      const talkative: Provisioner = {
        ...provisioner,
        async status(id, options) {
          const seen = await provisioner.status(id, options);
          if (seen.failure === undefined) return seen;
          return { ...seen, failure: { ...seen.failure, evidence: { lastLines: ['token=s3cret-token-value'] } } };
        },
      };
      const bench = await createBench(open(), { provisioner: talkative });
      await bench.control.start();
      const { deployment } = await deployed(bench, yaml('env:\n  TOKEN: s3cret-token-value\n'));
      await target.crash(deployment.id);
      const { failure } = await until(
        () => bench.control.deployments.get(bench.admin, deployment.id),
        (seen) => seen.failure !== null,
      );
      expect(failure?.evidence.lastLines).toEqual(['token=***']);
      await bench.control.stop();
    });

    it('forgets the address of an instance the moment its end is told, also when it is just being looked up', async () => {
      const { target, provisioner } = world();
      let hold: Promise<void> | undefined;
      let held = 0;
      const slow: Provisioner = {
        ...provisioner,
        async status(id, options) {
          const seen = await provisioner.status(id, options);
          if (hold !== undefined) held += 1;
          await hold;
          return seen;
        },
      };
      const bench = await createBench(open(), { provisioner: slow });
      await bench.control.start();
      const { deployment } = await deployed(bench);
      const warm = () => bench.control.routes.deploymentRoute(deployment.id);
      await until(warm, (found) => warm() === found);
      const { promise, resolve } = Promise.withResolvers<void>();
      hold = promise;
      target.changed(deployment.id);
      const looked = await vi.waitFor(() => {
        const found = warm();
        expect(found).toBeInstanceOf(Promise);
        return { found };
      }, 5000);
      // Its first look has seen the instance serve, and is held up.
      await vi.waitFor(() => expect(held).toBeGreaterThan(0), 5000);
      await target.crash(deployment.id);
      resolve();
      expect(await looked.found).toMatchObject({ state: 'failed', endpoints: [] });
      await bench.control.stop();
    });

    it('looks once after a burst of changes, and writes nothing where nothing changed', async () => {
      const { target, provisioner } = world();
      const status = vi.fn<Provisioner['status']>((id, options) => provisioner.status(id, options));
      const bench = await createBench(open(), { provisioner: { ...provisioner, status } });
      await bench.control.start();
      const { deployment } = await deployed(bench);
      await until(
        () => bench.control.routes.deploymentRoute(deployment.id),
        (route) => route?.state === 'serving',
      );
      const before = await bench.control.deployments.get(bench.admin, deployment.id);
      status.mockClear();
      for (let count = 0; count < 500; count += 1) target.changed(deployment.id);
      await vi.waitFor(() => expect(status).toHaveBeenCalled(), 5000);
      expect(status.mock.calls.length).toBeLessThan(4);
      expect(await bench.control.deployments.get(bench.admin, deployment.id)).toEqual(before);
      await bench.control.stop();
    });

    it('takes nothing for known after the target could not be heard [PLAT-4]', async () => {
      const { provisioner } = world();
      const tell = told();
      const bench = await createBench(open(), { provisioner: { ...provisioner, watch: tell.watch } });
      await bench.control.start();
      const { deployment } = await deployed(bench);
      for await (const _event of provisioner.destroy(deployment.id)) continue;
      expect((await bench.control.deployments.get(bench.admin, deployment.id)).state).toBe('serving');
      tell.event({ type: 'unknown' });
      await until(
        () => bench.control.deployments.get(bench.admin, deployment.id),
        ({ state }) => state === 'failed',
      );
      await bench.control.stop();
    });

    it('goes on watching after a watch that failed', async () => {
      const { target, provisioner } = world();
      let begun = 0;
      const failing: Provisioner = {
        ...provisioner,
        watch: (options) => {
          begun += 1;
          if (begun === 1) throw new Error('deaf');
          return provisioner.watch(options);
        },
      };
      const bench = await createBench(open(), { provisioner: failing });
      await bench.control.start();
      const { deployment } = await deployed(bench);
      await target.crash(deployment.id);
      await until(
        () => bench.control.deployments.get(bench.admin, deployment.id),
        ({ state }) => state === 'failed',
      );
      await bench.control.stop();
    });
  });
}

function world(): { readonly target: MemoryTarget; readonly provisioner: Provisioner } {
  const target = createMemoryTarget();
  return { target, provisioner: createMemoryProvisioner({ target }) };
}

/** A watch that tells what a test tells it. */
function told(): { readonly watch: Provisioner['watch']; event(event: WatchEvent): void } {
  let tell: ((event: WatchEvent) => void) | undefined;
  return {
    event: (event) => tell?.(event),
    watch: ({ signal } = {}) =>
      watchStream(signal, async (given, stop) => {
        tell = given;
        await new Promise((resolve) => stop.addEventListener('abort', resolve, { once: true }));
      }),
  };
}

function roundYaml(round: number): string {
  return yaml(`env:\n  ROUND: "${round}"\n`);
}

/** The value that a call sees, sent where the route leads now. */
async function callOnce({ control }: Bench, id: string): Promise<string> {
  const route = await control.routes.deploymentRoute(id);
  const [endpoint] = route?.endpoints ?? [];
  if (endpoint === undefined) throw new Error(`no endpoint: ${route?.reason}`);
  const response = await fetch(`http://${endpoint.host}:${endpoint.port}/env`);
  return ((await response.json()) as Record<string, string>)['ROUND'] ?? '';
}

/** What one call after the other saw. */
async function callOn(bench: Bench, id: string, signal: AbortSignal): Promise<string[]> {
  const seen: string[] = [];
  while (!signal.aborted) seen.push(await callOnce(bench, id));
  return seen;
}
