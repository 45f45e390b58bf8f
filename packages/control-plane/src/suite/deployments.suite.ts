// What holds of deployments on either database.
import { describe, expect, it } from 'vitest';
import type { Database } from '../database/database.ts';
import { adminKey, createBench, deployed, ended, uploaded, until, yaml } from './bench.ts';

export function deploymentsSuite(open: () => Database): void {
  describe('deployments', () => {
    it('makes a record with a template that is valid as it stands, and exports it right after [CLI-5]', async () => {
      const { control, admin } = await createBench(open(), { defaultPlatform: 'x86' });
      const made = await control.deployments.create(admin, { name: 'notes', icon: '📝' });
      expect(made).toMatchObject({
        name: 'notes',
        icon: '📝',
        state: 'never_deployed',
        configuration: null,
        deletionStatus: null,
        connectors: [],
      });
      expect(made.url).toBe(`https://mcp.example.com/api/v1/proxy/hosted/${made.id}`);
      expect(made.templateYaml).toContain(`id: ${made.id}`);
      expect(made.templateYaml).toContain('platform: x86');
      expect(await control.deployments.validate(admin, made.templateYaml)).toMatchObject({ valid: true });
      expect(await control.deployments.exportYaml(admin, made.id)).toBe(made.templateYaml);
    });

    it.each(['', 'Notes', 'my notes', 'a'.repeat(64), 'ä', '../x'])('refuses the name %j', async (name) => {
      const { control, admin } = await createBench(open());
      await expect(control.deployments.create(admin, { name })).rejects.toMatchObject({ code: 'ERR_DEPLOYMENT_NAME_INVALID' });
    });

    it.each(['7', 'junk', '', '00000000-0000-0000-0000-000000000000', "' or 1=1"])(
      'answers the id %j with not found, never with another error',
      async (id) => {
        const { control, admin } = await createBench(open());
        const { deployments } = control;
        for (const verb of ['get', 'trigger', 'destroy', 'exportYaml', 'status'] as const) {
          await expect(deployments[verb](admin, id)).rejects.toMatchObject({ code: 'ERR_DEPLOYMENT_NOT_FOUND', status: 404 });
        }
      },
    );

    it('shows a deployment of another organization to nobody', async () => {
      const bench = await createBench(open());
      const { id } = await uploaded(bench);
      const stranger = { ...bench.admin, organizationId: crypto.randomUUID() };
      await expect(bench.control.deployments.get(stranger, id)).rejects.toMatchObject({ code: 'ERR_DEPLOYMENT_NOT_FOUND' });
      expect(await bench.control.deployments.list(stranger)).toEqual({ items: [], total: 0 });
    });

    it('names every fault of a file at once and stores nothing [CFG-10]', async () => {
      const { control, admin } = await createBench(open());
      const bad = 'name: notes\ncolour: red\nservice:\n  port: 99999\n';
      const found = await control.deployments.validate(admin, bad);
      expect(found.valid).toBe(false);
      expect(found.error).toMatch(/colour[^]*99999/);
      const { id } = await control.deployments.create(admin, { name: 'notes' });
      await expect(control.deployments.update(admin, id, { yaml: bad })).rejects.toMatchObject({ code: 'ERR_CONFIG_INVALID', status: 422 });
      expect((await control.deployments.get(admin, id)).configuration).toBeNull();
    });

    it('masks values, and exports their names as placeholders with $$ references kept [SEC-1, CLI-5]', async () => {
      const bench = await createBench(open());
      const made = await uploaded(bench, yaml('env:\n  API_TOKEN: s3cret-token-value\n  OAUTH_ISSUER: $$DEPLOYMENT_URL\n'));
      expect(made.configuration?.env).toEqual({ API_TOKEN: '***', OAUTH_ISSUER: '***' });
      const text = await bench.control.deployments.exportYaml(bench.admin, made.id);
      expect(text).toContain(`id: ${made.id}`);
      expect(text).toMatch(/API_TOKEN: '\$\{API_TOKEN\}'/);
      expect(text).toMatch(/OAUTH_ISSUER: '?\$\$DEPLOYMENT_URL/);
      expect(text).not.toContain('s3cret');
    });

    it('takes plain values of env as the text that stands there, as a textual substitution leaves them', async () => {
      const bench = await createBench(open());
      await bench.control.start();
      await deployed(bench, yaml('env:\n  DEBUG: false\n  WORKERS: 4\n'));
      expect(bench.applied[0]?.secrets).toEqual({ DEBUG: 'false', WORKERS: '4' });
    });

    it('refuses the file of another deployment', async () => {
      const bench = await createBench(open());
      const { id } = await uploaded(bench);
      const foreign = `id: ${crypto.randomUUID()}\n${yaml()}`;
      await expect(bench.control.deployments.update(bench.admin, id, { yaml: foreign })).rejects.toMatchObject({
        code: 'ERR_DEPLOYMENT_ID_MISMATCH',
      });
    });

    it.each([
      ['infrastructure.enable_db', '  enable_db: true\n'],
      ['infrastructure.aws.assume_roles', '  aws:\n    assume_roles:\n      data: arn:aws:iam::123456789012:role/data\n'],
      ['infrastructure.scaling', '  scaling:\n    min_replicas: 2\n    max_replicas: 3\n'],
    ])('refuses %s by name on a target without it', async (name, lines) => {
      const { control, admin } = await createBench(open());
      expect((await control.deployments.validate(admin, yaml(lines))).error).toContain(name);
      const { id } = await control.deployments.create(admin, { name: 'notes' });
      await expect(control.deployments.update(admin, id, { yaml: yaml(lines) })).rejects.toMatchObject({
        code: 'ERR_DEPLOYMENT_UNSUPPORTED',
        status: 422,
      });
    });

    it('takes the digest of an upload and puts the managed repository in front', async () => {
      const { control, admin } = await createBench(open(), { registry: { repository: 'registry.example.com:5000/apps' } });
      const { id } = await control.deployments.create(admin, { name: 'notes' });
      const digest = `sha256:${'a'.repeat(64)}`;
      const made = await control.deployments.update(admin, id, {
        yaml: yaml('', 'build: {dockerfile: Dockerfile}'),
        dockerImage: `registry.example.com@${digest}`,
      });
      expect(made.image?.reference).toBe(`registry.example.com:5000/apps@${digest}`);
    });

    it('pins a moving tag at the upload, and keeps a build without a new image', async () => {
      const { control, admin } = await createBench(open());
      const { id } = await control.deployments.create(admin, { name: 'notes' });
      const source = yaml('', 'build: {dockerfile: Dockerfile}');
      await expect(control.deployments.update(admin, id, { yaml: source })).rejects.toMatchObject({ code: 'ERR_DEPLOYMENT_IMAGE_MISSING' });
      const made = await control.deployments.update(admin, id, { yaml: source, dockerImage: `runlayer-local:${id}` });
      expect(made.image).toEqual({ reference: `runlayer-local:${id}`, pinned: `sha256:runlayer-local:${id}`, platform: 'x86' });
      expect((await control.deployments.update(admin, id, { yaml: source })).image).toEqual(made.image);
    });

    it('refuses an image of another architecture than the file states [CFG-5]', async () => {
      const { control, admin } = await createBench(open());
      const { id } = await control.deployments.create(admin, { name: 'notes' });
      const call = control.deployments.update(admin, id, { yaml: yaml('  platform: arm\n') });
      await expect(call).rejects.toMatchObject({ code: 'ERR_DEPLOYMENT_PLATFORM', message: expect.stringContaining('built for x86') });
    });

    it('refuses to deploy what was never uploaded', async () => {
      const { control, admin } = await createBench(open());
      const { id } = await control.deployments.create(admin, { name: 'notes' });
      await expect(control.deployments.trigger(admin, id)).rejects.toMatchObject({ code: 'ERR_DEPLOYMENT_NOT_CONFIGURED', status: 422 });
    });

    it('lets one release run, and tells who started it and when', async () => {
      const bench = await createBench(open());
      const { id } = await uploaded(bench);
      const first = await bench.control.deployments.trigger(bench.admin, id, { idempotencyKey: 'one' });
      expect(await bench.control.deployments.trigger(bench.admin, id, { idempotencyKey: 'one' })).toEqual(first);
      await expect(bench.control.deployments.trigger(bench.admin, id)).rejects.toMatchObject({
        code: 'ERR_RELEASE_IN_PROGRESS',
        status: 409,
        data: { release_id: first.id, started_by: 'admin@localhost', since: first.createdAt },
      });
    });

    it('lists newest first, with pages', async () => {
      const { control, admin } = await createBench(open());
      for (const name of ['a', 'b', 'c']) await control.deployments.create(admin, { name });
      const page = await control.deployments.list(admin, { limit: 2, offset: 1 });
      expect(page.total).toBe(3);
      expect(page.items).toHaveLength(2);
    });

    it('renames, audited with before and after', async () => {
      const { control, admin } = await createBench(open());
      const { id } = await control.deployments.create(admin, { name: 'notes' });
      expect(await control.deployments.rename(admin, id, { name: 'notes-2', icon: '🗒' })).toMatchObject({ name: 'notes-2', icon: '🗒' });
      const [event] = (await control.audit.list(admin, { targetId: id })).items;
      expect(event).toMatchObject({
        action: 'deployment.renamed',
        before: { name: 'notes', icon: null },
        after: { name: 'notes-2', icon: '🗒' },
      });
    });

    it('takes everything down, proves it, wipes the values and keeps the record readable [CLI-6]', async () => {
      const bench = await createBench(open());
      await bench.control.start();
      const { deployment } = await deployed(bench, yaml('env:\n  API_TOKEN: s3cret-token-value\n'));
      expect((await bench.control.deployments.destroy(bench.deployKey, deployment.id)).deletionStatus).toBe('deleting');
      const gone = await until(
        () => bench.control.deployments.get(bench.admin, deployment.id),
        ({ deletionStatus }) => deletionStatus === 'deleted',
      );
      expect(bench.target.list(deployment.id)).toEqual([]);
      expect(gone).toMatchObject({ state: 'deleted', servingReleaseId: null });
      expect((await bench.control.deployments.destroy(bench.admin, deployment.id)).deletionStatus).toBe('deleted');
      await expect(bench.control.deployments.trigger(bench.admin, deployment.id)).rejects.toMatchObject({ code: 'ERR_DEPLOYMENT_DELETED' });
      await expect(bench.control.deployments.update(bench.admin, deployment.id, { yaml: yaml() })).rejects.toMatchObject({
        code: 'ERR_DEPLOYMENT_DELETED',
      });
      const stored = await bench.database.query((db) => db.query.deployments.findFirst());
      expect(stored?.sealedEnv).toBeNull();
      await bench.control.stop();
    });

    it('refuses to destroy what connectors use, naming them, unless all goes [CLI-6, PLAT-5]', async () => {
      const bench = await createBench(open());
      const { control, admin, deployKey } = bench;
      const { id } = await uploaded(bench);
      const connector = await control.connectors.register(admin, { deploymentId: id, name: 'Team notes' });
      await expect(control.deployments.destroy(admin, id)).rejects.toMatchObject({
        code: 'ERR_DEPLOYMENT_HAS_CONNECTORS',
        message: expect.stringContaining('Team notes'),
        data: { connectors: [{ id: connector.id, name: 'Team notes' }] },
      });
      await expect(control.deployments.destroy(deployKey, id, { deleteConnectors: true })).rejects.toMatchObject({ code: 'ERR_FORBIDDEN' });
      await control.deployments.destroy(admin, id, { deleteConnectors: true });
      expect((await control.connectors.list(admin)).items).toEqual([]);
    });

    it('cancels a running release when the deployment goes, and leaves nothing behind', async () => {
      const bench = await createBench(open(), { behave: () => ({ startMs: 60_000 }) });
      await bench.control.start();
      const { id } = await uploaded(bench);
      const release = await bench.control.deployments.trigger(bench.admin, id);
      await until(
        () => bench.applied.length,
        (count) => count > 0,
      );
      await bench.control.deployments.destroy(bench.admin, id);
      expect((await ended(bench, release.id)).status).toBe('cancelled');
      await until(
        () => bench.control.deployments.get(bench.admin, id),
        ({ deletionStatus }) => deletionStatus === 'deleted',
      );
      expect(bench.target.list(id)).toEqual([]);
      await bench.control.stop();
    });

    it('lets a deploy key do the work of a pipeline and nothing else [CLI-7]', async () => {
      const bench = await createBench(open());
      const { control, deployKey, admin } = bench;
      const { id } = await control.deployments.create(deployKey, { name: 'notes' });
      await control.deployments.validate(deployKey, yaml());
      await control.deployments.update(deployKey, id, { yaml: yaml() });
      const release = await control.deployments.trigger(deployKey, id);
      await control.releases.log(deployKey, release.id);
      await control.deployments.exportYaml(deployKey, id);
      await expect(control.connectors.register(deployKey, { deploymentId: id })).rejects.toMatchObject({
        code: 'ERR_FORBIDDEN',
        message: expect.stringContaining('admin role'),
      });
      await expect(control.people.listUsers(deployKey)).rejects.toMatchObject({ code: 'ERR_FORBIDDEN' });
      await expect(control.apiKeys.list(deployKey)).rejects.toMatchObject({ code: 'ERR_FORBIDDEN' });
      await expect(control.audit.list(deployKey)).rejects.toMatchObject({ code: 'ERR_FORBIDDEN' });
      await control.deployments.destroy(deployKey, id);
      expect((await control.audit.list(admin, { targetId: id })).items.map(({ actor }) => actor.name)).toEqual(['ci', 'ci', 'ci']);
    });

    it('lets a member read and nothing else', async () => {
      const bench = await createBench(open());
      const { control, member } = bench;
      const { id } = await uploaded(bench);
      await control.deployments.get(member, id);
      const { deployments } = control;
      const calls = [
        () => deployments.create(member, { name: 'x' }),
        () => deployments.trigger(member, id),
        () => deployments.destroy(member, id),
        () => deployments.update(member, id, { yaml: yaml() }),
      ];
      for (const call of calls) {
        await expect(call()).rejects.toMatchObject({ code: 'ERR_FORBIDDEN', status: 403 });
      }
    });

    it('starts again with the same admin, and with another key when the operator gives one', async () => {
      const first = await createBench(open());
      expect(first.control.bootstrap.generatedAdminApiKey).toBeUndefined();
      const again = await createBench(open(), { keep: true });
      expect(again.control.bootstrap).toEqual(first.control.bootstrap);
      const other = 'another-operator-key-99';
      const changed = await createBench(open(), { keep: true, bootstrap: { adminApiKey: other } });
      expect(await changed.control.authenticate(other)).toMatchObject({ userId: first.admin.userId, role: 'admin' });
      expect(await changed.control.authenticate(adminKey)).toBeUndefined();
    });

    it('makes a key for the first admin once when none is given', async () => {
      const first = await createBench(open(), { bootstrap: {} });
      const key = first.control.bootstrap.generatedAdminApiKey ?? '';
      expect(key).toMatch(/^rl_user_[\w-]{43}$/);
      expect(await first.control.authenticate(key)).toMatchObject({ type: 'user', role: 'admin', userEmail: 'admin@localhost' });
      const again = await createBench(open(), { keep: true, bootstrap: {} });
      expect(again.control.bootstrap.generatedAdminApiKey).toBeUndefined();
      expect(await again.control.authenticate(key)).toBeDefined();
    });
  });
}
