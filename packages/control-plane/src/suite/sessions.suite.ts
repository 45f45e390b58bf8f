// What holds of MCP sessions on either database.
import { describe, expect, it } from 'vitest';
import type { Database } from '../database/database.ts';
import { mcpSessions } from '../schema/index.ts';
import type { McpSession, McpSessionChange } from '../sessions/sessions.ts';
import type { Bench } from './bench.ts';
import { createBench, uploaded } from './bench.ts';

const day = 24 * 3_600_000;
const noon = Date.UTC(2026, 0, 1, 12);

export function sessionsSuite(open: () => Database): void {
  describe('sessions', () => {
    /** A control plane whose clock stands still, and a deployment to have sessions of. */
    async function rig() {
      const clock = { now: noon };
      const bench = await createBench(open(), { clock: () => new Date(clock.now) });
      const { id: routeId } = await uploaded(bench);
      const make = (change: Partial<McpSession> = {}): McpSession => ({
        organizationId: bench.admin.organizationId,
        routeId,
        fingerprint: 'a',
        principal: 'user:ada',
        instance: 'one',
        lastUsedAt: noon,
        ...change,
      });
      const { sessions } = bench.control;
      const write = (kind: McpSessionChange['kind'], ...given: McpSession[]) => sessions.write(given.map((session) => ({ kind, session })));
      const find = (fingerprint = 'a') => sessions.find(bench.admin.organizationId, fingerprint);
      return { bench, clock, routeId, sessions, make, write, find };
    }

    it('finds what was opened, by whichever route, in its organization only', async () => {
      const { bench, sessions, make, write, find } = await rig();
      const connector = await bench.control.connectors.register(bench.admin, { url: 'https://93.184.215.14/mcp' });
      const both = [make(), make({ routeId: connector.id, principal: 'agent:helper' })];
      await write('opened', ...both);
      expect(await find()).toEqual(expect.arrayContaining(both));
      expect(await find()).toHaveLength(2);
      expect(await find('b')).toEqual([]);
      expect(await sessions.find(crypto.randomUUID(), 'a')).toEqual([]);
    });

    it('gives an id that is opened anew to its new owner', async () => {
      const { make, write, find } = await rig();
      await write('opened', make());
      const anew = make({ principal: 'user:bob', instance: 'two', lastUsedAt: noon + 1 });
      await write('opened', anew);
      expect(await find()).toEqual([anew]);
    });

    it('notes the use of a session by its owner, makes a missing one, and leaves that of somebody else', async () => {
      const { make, write, find } = await rig();
      await write('used', make());
      await write('used', make({ principal: 'user:bob', instance: 'two', lastUsedAt: noon + 1 }));
      expect(await find()).toEqual([make()]);
      await write('used', make({ instance: 'two', lastUsedAt: noon + 2 }));
      expect(await find()).toEqual([make({ instance: 'two', lastUsedAt: noon + 2 })]);
    });

    it('closes a session of the same owner and instance', async () => {
      const { make, write, find } = await rig();
      await write('opened', make());
      await write('closed', make({ principal: 'user:bob' }), make({ fingerprint: 'b' }));
      await write('closed', make({ instance: 'two' }));
      expect(await find()).toHaveLength(1);
      await write('closed', make());
      expect(await find()).toEqual([]);
    });

    it('writes many changes at once', async () => {
      const { sessions, make, write, find } = await rig();
      await write('opened', make({ fingerprint: 'b' }), make({ fingerprint: 'c' }));
      await sessions.write([
        { kind: 'opened', session: make() },
        { kind: 'used', session: make({ fingerprint: 'b', lastUsedAt: noon + 1 }) },
        { kind: 'closed', session: make({ fingerprint: 'c' }) },
      ]);
      expect([await find('a'), await find('b'), await find('c')]).toEqual([
        [make()],
        [make({ fingerprint: 'b', lastUsedAt: noon + 1 })],
        [],
      ]);
    });

    it('forgets sessions that were not used for seven days', async () => {
      const { clock, sessions, make, write, find } = await rig();
      await write('opened', make(), make({ fingerprint: 'b', lastUsedAt: noon + day }));
      clock.now = noon + 7 * day + 1;
      expect(await sessions.expire()).toBe(1);
      expect([await find('a'), await find('b')]).toEqual([[], [expect.anything()]]);
    });

    it('keeps the latest thousand of a principal', async () => {
      const { bench, make, write, find } = await rig();
      await write('opened', make({ fingerprint: 'of somebody else', principal: 'user:bob', lastUsedAt: noon - day }));
      const many = Array.from({ length: 1_100 }, (_, index) => make({ fingerprint: `${index}`, lastUsedAt: noon + index }));
      for (let from = 0; from < many.length; from += 100) await write('opened', ...many.slice(from, from + 100));
      expect(await bench.database.query((db) => db.$count(mcpSessions))).toBe(1_001);
      expect([await find('99'), await find('100'), await find('of somebody else')].map(({ length }) => length)).toEqual([0, 1, 1]);
    });

    it('forgets the sessions of a connector and of a deployment that are deleted, also what comes late', async () => {
      const { bench, routeId, sessions, make, write } = await rig();
      const left = () => bench.database.query((db) => db.$count(mcpSessions));
      const connectors = await Promise.all([1, 2].map(() => register(bench, routeId)));
      const [first = '', second = ''] = connectors.map(({ id }) => id);
      const all = [routeId, first, second].map((id) => make({ routeId: id }));
      await write('opened', ...all);
      await bench.control.connectors.delete(bench.admin, first);
      expect(await left()).toBe(2);
      await bench.control.deployments.destroy(bench.admin, routeId, { deleteConnectors: true });
      expect(await left()).toBe(0);
      await write('opened', ...all);
      expect([await sessions.expire(), await left()]).toEqual([3, 0]);
    });
  });
}

function register({ control, admin }: Bench, deploymentId: string) {
  return control.connectors.register(admin, { deploymentId });
}
