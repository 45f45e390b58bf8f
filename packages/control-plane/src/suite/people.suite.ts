// What holds of people, API keys, audit and sealing on either database.
import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import type { Database } from '../database/database.ts';
import { rawRows } from '../database/raw-rows.ts';
import { createSealer } from '../sealing/create-sealer.ts';
import { createBench, sealKey, uploaded, until, yaml } from './bench.ts';

export function peopleSuite(open: () => Database): void {
  describe('people and keys', () => {
    it('issues keys that are shown once and kept as hashes', async () => {
      const { control, admin, database } = await createBench(open());
      const user = await control.people.createUser(admin, { email: 'Ada@Example.com', name: 'Ada' });
      const agent = await control.people.createAgent(admin, { name: '研究助手' });
      const issued = [
        await control.apiKeys.create(admin, { name: 'laptop', owner: { type: 'user', userId: user.id } }),
        await control.apiKeys.create(admin, { name: 'bot', owner: { type: 'agent', agentId: agent.id } }),
        await control.apiKeys.create(admin, { name: 'ci', owner: { type: 'organization' }, role: 'deploy' }),
      ];
      expect(issued.map(({ secret }) => secret)).toEqual(
        [/^rl_user_[\w-]{43}$/, /^rl_agent_[\w-]{43}$/, /^rl_org_[\w-]{43}$/].map((shape) => expect.stringMatching(shape)),
      );
      expect(await Promise.all(issued.map(({ secret }) => control.authenticate(secret)))).toMatchObject([
        { type: 'user', role: 'member', userId: user.id, userEmail: 'ada@example.com', userName: 'Ada' },
        { type: 'agent', role: 'member', agentId: agent.id, agentName: '研究助手' },
        { type: 'organization_key', role: 'deploy', keyName: 'ci' },
      ]);
      const stored = JSON.stringify(await database.query((db) => rawRows(db, sql`select * from api_keys`)));
      for (const { secret, key } of issued) {
        expect(stored).not.toContain(secret);
        expect(secret.startsWith(key.prefix.slice(0, -1))).toBe(true);
      }
    });

    it('stops a key that is revoked, expired, or of a disabled account, at once', async () => {
      let now = new Date('2030-01-01T00:00:00Z');
      const { control, admin } = await createBench(open(), { clock: () => now });
      const agent = await control.people.createAgent(admin, { name: 'bot' });
      const owner = { type: 'agent', agentId: agent.id } as const;
      const revoked = await control.apiKeys.create(admin, { name: 'a', owner });
      const expiring = await control.apiKeys.create(admin, { name: 'b', owner, expiresAt: '2030-01-01T00:00:30Z' });
      const disabled = await control.apiKeys.create(admin, { name: 'c', owner });
      for (const { secret } of [revoked, expiring, disabled]) expect(await control.authenticate(secret)).toBeDefined();
      expect((await control.apiKeys.revoke(admin, revoked.key.id)).revokedAt).toBe(now.toISOString());
      expect(await control.authenticate(revoked.secret)).toBeUndefined();
      now = new Date('2030-01-01T00:00:31Z');
      expect(await control.authenticate(expiring.secret)).toBeUndefined();
      await control.people.updateAgent(admin, agent.id, { disabled: true });
      expect(await control.authenticate(disabled.secret)).toBeUndefined();
    });

    it.each(['', 'wrong', 'rl_user_x', 'x'.repeat(10_000)])('knows nobody by a wrong key', async (key) => {
      expect(await (await createBench(open())).control.authenticate(key)).toBeUndefined();
    });

    it('lets people manage their own keys only', async () => {
      const { control, admin } = await createBench(open());
      const ada = await control.people.createUser(admin, { email: 'ada@example.com' });
      const { secret } = await control.apiKeys.create(admin, { name: 'first', owner: { type: 'user', userId: ada.id } });
      const principal = await control.authenticate(secret);
      if (principal === undefined) throw new Error('unknown');
      await control.apiKeys.create(principal, { name: 'second', owner: { type: 'user', userId: ada.id } });
      expect((await control.apiKeys.list(principal)).items.map(({ name }) => name).sort()).toEqual(['first', 'second']);
      for (const owner of [{ type: 'user', userId: control.bootstrap.adminUserId }, { type: 'organization' }] as const) {
        await expect(control.apiKeys.create(principal, { name: 'x', owner })).rejects.toMatchObject({ code: 'ERR_FORBIDDEN' });
      }
      const [adminKey] = (await control.apiKeys.list(admin)).items.filter(({ name }) => name === 'First admin');
      await expect(control.apiKeys.revoke(principal, adminKey?.id ?? '')).rejects.toMatchObject({ code: 'ERR_API_KEY_NOT_FOUND' });
    });

    it.each(['bot\r\nX-Runlayer-User-Id: 1', 'a\u0000b', '', '   ', 'x'.repeat(201), '\ud800'])(
      'refuses the agent name %j',
      async (name) => {
        const { control, admin } = await createBench(open());
        await expect(control.people.createAgent(admin, { name })).rejects.toMatchObject({ code: 'ERR_INPUT_INVALID' });
      },
    );

    it('refuses a taken e-mail, a malformed one, and to leave no admin', async () => {
      const { control, admin } = await createBench(open());
      await control.people.createUser(admin, { email: 'ada@example.com' });
      await expect(control.people.createUser(admin, { email: 'ADA@example.com' })).rejects.toMatchObject({ code: 'ERR_USER_EXISTS' });
      await expect(control.people.createUser(admin, { email: 'ada' })).rejects.toMatchObject({ code: 'ERR_INPUT_INVALID' });
      for (const change of [{ disabled: true }, { role: 'member' }] as const) {
        await expect(control.people.updateUser(admin, admin.userId, change)).rejects.toMatchObject({ code: 'ERR_USER_LAST_ADMIN' });
      }
      await expect(control.people.updateUser(admin, 'junk', {})).rejects.toMatchObject({ code: 'ERR_USER_NOT_FOUND' });
    });

    it('never changes what is in the audit log', async () => {
      const { control, admin, database } = await createBench(open());
      await control.people.createAgent(admin, { name: 'bot' });
      for (const statement of [sql`update audit_events set action = 'x'`, sql`delete from audit_events`]) {
        await expect(database.query((db) => db.execute(statement))).rejects.toThrow('never changed');
      }
      expect((await control.audit.list(admin, { action: 'agent.created' })).total).toBe(1);
    });

    it('refuses to start on a database that another key sealed [SEC-1]', async () => {
      await createBench(open());
      const other = createSealer([new Uint8Array(32)]);
      await expect(createBench(open(), { keep: true, sealer: other })).rejects.toMatchObject({ code: 'ERR_SEAL_KEY_WRONG' });
    });

    it('seals everything anew after a rotation, so that the former key can go [SEC-1]', async () => {
      const first = await createBench(open());
      const { id } = await uploaded(first, yaml('env:\n  TOKEN: s3cret-token-value\n'));
      await first.control.deployments.trigger(first.admin, id);
      const fresh = new Uint8Array(32).fill(7);
      await createBench(open(), { keep: true, sealer: createSealer([fresh, sealKey]) });
      const last = await createBench(open(), { keep: true, sealer: createSealer([fresh]) });
      expect(last.control.signingKeys.current()).toEqual(first.control.signingKeys.current());
      await last.control.start();
      await until(
        () => last.applied[0]?.secrets,
        (secrets) => secrets !== undefined,
      );
      expect(last.applied[0]?.secrets).toEqual({ TOKEN: 's3cret-token-value' });
    });
  });

  describe('the database', () => {
    it('refuses to be used inside its own transaction, which would wait for ever', async () => {
      const database = open();
      const inside = database.transaction(() => database.query((db) => db.execute(sql`select 1`)));
      await expect(inside).rejects.toThrow('inside its own transaction');
      await expect(database.transaction(() => database.transaction(async () => {}))).rejects.toThrow('inside its own transaction');
      await database.ping();
    });

    it('quotes no value of a failed statement', async () => {
      const failing = open().query((db) => db.execute(sql`select ${'s3cret-token-value'}::text, 1 / 0`));
      await expect(failing).rejects.toThrow(/^(?![^]*s3cret)[^]*22012/);
    });
  });
}
