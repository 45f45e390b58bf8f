import { describe, expect, it } from 'vitest';
import { ada, bob, gone, memoryStore, one, open, rig, routeOf, storeWith, two } from '../../test/sessions-rig.ts';
import type { SessionStore } from './session.ts';
import { fingerprintOf } from './session.ts';

describe('createSessionTable with a store', () => {
  it('writes down what was opened and closed, and never an id', async () => {
    const { store, written, sessions } = memoryStore();
    const { table } = rig({ store });
    open({ table }, 'secret-id');
    await table.settled();
    expect(sessions).toEqual([
      {
        organizationId: 'us',
        routeId: 'notes',
        fingerprint: fingerprintOf('secret-id'),
        principal: ada,
        instance: 'one',
        lastUsedAt: 1_000_000,
      },
    ]);
    expect(JSON.stringify(written)).not.toContain('secret-id');
    table.answered(routeOf(), ada, one, { method: 'DELETE', status: 200, sent: 'secret-id' });
    await table.settled();
    expect(sessions).toEqual([]);
  });

  it('asks for what it does not remember, once for all who wait, and then answers at once', async () => {
    const kept = await storeWith('a', routeOf(), ada, two);
    const { table } = rig({ store: kept.store });
    await expect(Promise.all([table.place(routeOf(), 'a', ada), table.place(routeOf(), 'a', ada)])).resolves.toEqual([two, two]);
    expect(table.place(routeOf(), 'a', ada)).toBe(two);
    expect(() => table.place(routeOf(), 'a', bob)).toThrow(gone);
    expect(kept.asked).toHaveLength(1);
  });

  it('answers 404 to a stranger and on another route also when only the store knows', async () => {
    const kept = await storeWith('a');
    await expect(rig({ store: kept.store }).table.place(routeOf(), 'a', bob)).rejects.toEqual(gone);
    await expect(rig({ store: kept.store }).table.place(routeOf({ id: 'mail' }), 'a', ada)).rejects.toEqual(gone);
  });

  it('asks about another route although it remembers a namesake', async () => {
    const kept = await storeWith('1', routeOf({ id: 'mail' }), bob, two);
    const { table } = rig({ store: kept.store });
    open({ table }, '1', routeOf(), ada, one);
    await table.settled();
    await expect(table.place(routeOf({ id: 'mail' }), '1', bob)).resolves.toBe(two);
  });

  it('remembers for two seconds that nobody has an id', async () => {
    const { store, asked } = memoryStore();
    const { table, time } = rig({ store });
    await expect(table.place(routeOf(), 'a', ada)).resolves.toBeUndefined();
    time.now += 1_999;
    expect(table.place(routeOf(), 'a', ada)).toBeUndefined();
    time.now += 1;
    await expect(table.place(routeOf(), 'a', ada)).resolves.toBeUndefined();
    expect(asked).toHaveLength(2);
  });

  it('looks again soon at whom an unknown id was bound to: the store has the last word', async () => {
    const kept = memoryStore();
    const { table, time } = rig({ store: kept.store });
    await table.place(routeOf(), 'a', bob);
    open(rig({ store: kept.store }), 'a', routeOf(), ada, two);
    table.answered(routeOf(), bob, one, { method: 'POST', status: 200, sent: 'a' });
    expect(table.place(routeOf(), 'a', bob)).toBe(one);
    await table.settled();
    time.now += 2_000;
    await expect(table.place(routeOf(), 'a', bob)).rejects.toEqual(gone);
    expect(table.place(routeOf(), 'a', ada)).toBe(two);
  });

  it('writes down once in five minutes that a session is in use', async () => {
    const { store, written } = memoryStore();
    const { table, time } = rig({ store });
    open({ table }, 'a');
    for (let minute = 0; minute < 11; minute += 1, time.now += 60_000) {
      void table.place(routeOf(), 'a', ada);
      await table.settled();
    }
    expect(written.map(({ kind, session }) => [kind, session.lastUsedAt - 1_000_000])).toEqual([
      ['opened', 0],
      ['used', 300_000],
      ['used', 600_000],
    ]);
  });

  it('refuses the call when the store cannot be asked, and asks again', async () => {
    let fails = true;
    const { store } = memoryStore();
    const find: SessionStore['find'] = (...asked) => (fails ? Promise.reject(new Error('down')) : store.find(...asked));
    const { table } = rig({ store: { ...store, find } });
    await expect(table.place(routeOf(), 'a', ada)).rejects.toMatchObject({ code: 'ERR_PROXY_PLATFORM', status: 503 });
    fails = false;
    await expect(table.place(routeOf(), 'a', ada)).resolves.toBeUndefined();
  });

  it('goes on without what could not be written, and tells of it', async () => {
    const lost: unknown[] = [];
    const down = new Error('down');
    const store: SessionStore = { find: async () => [], write: () => Promise.reject(down) };
    const { table } = rig({ store, onLost: (count, cause) => void lost.push([count, cause]) });
    open({ table }, 'a');
    open({ table }, 'b');
    await table.settled();
    expect(lost).toEqual([[2, down]]);
    expect(table.place(routeOf(), 'a', ada)).toBe(one);
  });
});
