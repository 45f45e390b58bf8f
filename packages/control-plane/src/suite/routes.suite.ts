// What holds of connectors and routes on either database.
import type { Provisioner } from '@runlayer/provisioner';
import { createMemoryProvisioner } from '@runlayer/provisioner/memory';
import { describe, expect, it, vi } from 'vitest';
import type { Database } from '../database/database.ts';
import { releases } from '../schema/index.ts';
import { createBench, deployed, uploaded, until, yaml } from './bench.ts';

export function routesSuite(open: () => Database): void {
  describe('connectors', () => {
    it('gives the first connector of a deployment the server id its container knows [PLAT-3]', async () => {
      const bench = await createBench(open());
      const { id, serverId } = await uploaded(bench);
      const first = await bench.control.connectors.register(bench.admin, { deploymentId: id });
      expect(first).toMatchObject({ id: serverId, name: 'notes', deploymentId: id, url: null, transport: 'streaming-http' });
      const second = await bench.control.connectors.register(bench.admin, { deploymentId: id, name: 'Again', transport: 'sse' });
      expect(second.id).not.toBe(serverId);
      expect((await bench.control.deployments.get(bench.admin, id)).connectors.map(({ name }) => name)).toEqual(['notes', 'Again']);
    });

    it('has both identity toggles off at first, and audits each change with before and after [ID-1, PLAT-6]', async () => {
      const { control, admin, member } = await createBench(open());
      const made = await control.connectors.register(admin, { url: 'https://93.184.215.14/mcp', name: 'Public' });
      expect(made.identityForward).toEqual({ headers: false, token: false });
      await expect(control.connectors.update(member, made.id, { identityForward: { token: true } })).rejects.toMatchObject({
        code: 'ERR_FORBIDDEN',
      });
      const changed = await control.connectors.update(admin, made.id, { identityForward: { token: true } });
      expect(changed.identityForward).toEqual({ headers: false, token: true });
      const { items } = await control.audit.list(admin, { action: 'connector.updated' });
      expect(items).toMatchObject([
        {
          actor: { name: 'admin@localhost' },
          target: { id: made.id },
          before: { identity_forward_token: false },
          after: { identity_forward_token: true },
        },
      ]);
    });

    it.each([
      ['ftp://example.com/', 'ERR_CONNECTOR_URL_INVALID'],
      ['https://user:pw@example.com/', 'ERR_CONNECTOR_URL_INVALID'],
      ['https://example.com/#x', 'ERR_CONNECTOR_URL_INVALID'],
      ['not a url', 'ERR_CONNECTOR_URL_INVALID'],
      ['http://127.0.0.1:8000/mcp', 'ERR_CONNECTOR_URL_REFUSED'],
      ['http://0x7f.1/mcp', 'ERR_CONNECTOR_URL_REFUSED'],
      ['http://[::ffff:10.0.0.1]/mcp', 'ERR_CONNECTOR_URL_REFUSED'],
      ['http://localhost/mcp', 'ERR_CONNECTOR_URL_REFUSED'],
      ['http://internal.example.com/mcp', 'ERR_CONNECTOR_URL_REFUSED'],
      ['http://169.254.169.254/latest', 'ERR_CONNECTOR_URL_REFUSED'],
    ])('refuses %s with %s', async (url, code) => {
      const { control, admin } = await createBench(open(), {
        lookup: async (host) => (host.startsWith('internal') ? ['10.1.2.3'] : ['93.184.215.14']),
      });
      await expect(control.connectors.register(admin, { url })).rejects.toMatchObject({ code });
    });

    it('takes private addresses by leave of the operator, but never a metadata service', async () => {
      const { control, admin } = await createBench(open(), { allowPrivateUpstreams: true, lookup: async () => ['169.254.169.254'] });
      expect(await control.connectors.register(admin, { url: 'http://127.0.0.1:8000/mcp' })).toMatchObject({
        url: 'http://127.0.0.1:8000/mcp',
        name: '127.0.0.1',
      });
      for (const url of ['http://169.254.169.254/', 'http://innocent.example.com/', 'http://[fd00:ec2::254]/']) {
        await expect(control.connectors.register(admin, { url })).rejects.toMatchObject({ code: 'ERR_CONNECTOR_URL_REFUSED' });
      }
    });

    it.each(['7', '', crypto.randomUUID()])('answers the id %j with not found', async (id) => {
      const { control, admin } = await createBench(open());
      await expect(control.connectors.get(admin, id)).rejects.toMatchObject({ code: 'ERR_CONNECTOR_NOT_FOUND', status: 404 });
      await expect(control.connectors.delete(admin, id)).rejects.toMatchObject({ code: 'ERR_CONNECTOR_NOT_FOUND' });
    });
  });

  describe('routes', () => {
    it('leads to what serves, with the toggles of the connector, and answers from memory once warm', async () => {
      const status = vi.fn();
      const inner = createMemoryProvisioner();
      const provisioner: Provisioner = { ...inner, status: (id, options) => (status(), inner.status(id, options)) };
      const bench = await createBench(open(), { provisioner });
      await bench.control.start();
      const { deployment } = await deployed(bench, yaml().replace('  path: /mcp\n', '  path: /mcp\n  expose:\n    - /authorize\n'));
      const { routes } = bench.control;
      const warm = () => routes.deploymentRoute(deployment.id);
      const route = await until(warm, (found) => warm() === found);
      expect(route).toMatchObject({
        kind: 'deployment',
        id: deployment.id,
        serverId: deployment.serverId,
        state: 'serving',
        servicePort: 8000,
        servicePath: '/mcp',
        expose: ['/authorize'],
        forward: { headers: false, token: false },
        reason: null,
      });
      expect(route?.endpoints).toHaveLength(1);
      const seen = status.mock.calls.length;
      expect(warm()).toBe(route);
      expect(status.mock.calls.length).toBe(seen);
      const connector = await bench.control.connectors.register(bench.admin, {
        deploymentId: deployment.id,
        identityForward: { token: true },
      });
      expect(await routes.deploymentRoute(deployment.id)).toMatchObject({
        serverId: connector.id,
        forward: { headers: false, token: true },
      });
      expect(await routes.connectorRoute(connector.id)).toMatchObject({
        kind: 'connector',
        id: connector.id,
        serverId: connector.id,
        deploymentId: deployment.id,
        endpoints: route?.endpoints,
      });
      await bench.control.stop();
    });

    it('tells listeners before anybody can read that a release succeeded', async () => {
      const inner = open();
      const story: string[] = [];
      // Looks at the status after each commit, before the worker goes on.
      const watched: Database = {
        ...inner,
        async transaction(work) {
          const result = await inner.transaction(work);
          const [row] = await inner.query((db) => db.select({ status: releases.status }).from(releases));
          story.push(row?.status ?? 'none');
          return result;
        },
      };
      // Of the changes that the target tells nothing counts here.
      const provisioner: Provisioner = { ...createMemoryProvisioner(), async *watch() {} };
      const bench = await createBench(watched, { provisioner });
      bench.control.routes.onChange(() => void story.push('route changed'));
      await bench.control.start();
      await deployed(bench);
      await bench.control.stop();
      expect(story.indexOf('route changed')).toBeGreaterThan(story.indexOf('running'));
      expect(story.indexOf('succeeded')).toBeGreaterThan(story.indexOf('route changed'));
    });

    it('looks again when told that an endpoint refuses, and keeps what it saw [PLAT-4]', async () => {
      const bench = await createBench(open());
      await bench.control.start();
      const { deployment } = await deployed(bench);
      await bench.control.routes.deploymentRoute(deployment.id);
      for await (const _event of bench.provisioner.destroy(deployment.id)) continue;
      await bench.control.routes.refresh(deployment.id);
      expect(await bench.control.routes.deploymentRoute(deployment.id)).toMatchObject({
        state: 'failed',
        endpoints: [],
        reason: expect.any(String),
      });
      expect((await bench.control.deployments.get(bench.admin, deployment.id)).state).toBe('failed');
      await bench.control.stop();
    });

    it.each([
      ['failing', 'failed', 'The deployment is not serving. The container listens on 8080, not on 8000; *** says why.'],
      ['starting', 'starting', 'The deployment is starting. The container listens on 8080, not on 8000; *** says why.'],
    ] as const)('tells callers what is wrong with one that is %s, without its secrets [PLAT-4, SEC-1]', async (state, told, reason) => {
      const message = 'The container listens on 8080, not on 8000; hunter2-hunter2 says why.';
      const failure = { code: 'wrong_port', message, fix: 'Set service.port to 8080.', evidence: { listening: ['8080'] } } as const;
      const inner = createMemoryProvisioner();
      let broken = false;
      const provisioner: Provisioner = {
        ...inner,
        status: async (...given) => (broken ? { state, endpoints: [], outputs: {}, failure, observedAt: '' } : inner.status(...given)),
      };
      const bench = await createBench(open(), { provisioner });
      await bench.control.start();
      const { deployment } = await deployed(bench, `${yaml()}env:\n  PASSWORD: hunter2-hunter2\n`);
      broken = true;
      await bench.control.routes.refresh(deployment.id);
      expect(await bench.control.routes.deploymentRoute(deployment.id)).toMatchObject({ state: told, endpoints: [], reason });
      await bench.control.stop();
    });

    it('knows an upstream by address, a deployment never deployed, and nothing else', async () => {
      const bench = await createBench(open());
      const { id } = await uploaded(bench);
      const made = await bench.control.connectors.register(bench.admin, { url: 'https://93.184.215.14/mcp?k=v' });
      expect(await bench.control.routes.connectorRoute(made.id)).toMatchObject({
        url: 'https://93.184.215.14/mcp?k=v',
        state: 'serving',
        deploymentId: null,
      });
      expect(await bench.control.routes.deploymentRoute(id)).toMatchObject({ state: 'never_deployed', endpoints: [] });
      for (const unknown of ['junk', crypto.randomUUID(), made.id])
        expect(await bench.control.routes.deploymentRoute(unknown)).toBeUndefined();
      await bench.control.connectors.delete(bench.admin, made.id);
      expect(await bench.control.routes.connectorRoute(made.id)).toBeUndefined();
    });
  });
}
