import { describe, expect, it } from 'vitest';
import { ada, bob, gone, one, open, rig, routeOf, two } from '../../test/sessions-rig.ts';

describe('createSessionTable', () => {
  it('leads a session back to the instance that made it', () => {
    const { table } = rig();
    open({ table }, 'a', routeOf(), ada, one);
    open({ table }, 'b', routeOf(), bob, two);
    for (let turn = 0; turn < 3; turn += 1) {
      expect(table.place(routeOf(), 'a', ada)).toBe(one);
      expect(table.place(routeOf(), 'b', bob)).toBe(two);
    }
  });

  it('answers 404 to everybody else, as for a session that there never was', () => {
    const { table } = rig();
    open({ table }, 'a');
    for (const stranger of [bob, 'agent:ada', 'obo:helper:ada', 'anonymous']) {
      expect(() => table.place(routeOf(), 'a', stranger)).toThrow(gone);
    }
    expect(table.place(routeOf(), 'a', ada)).toBe(one);
  });

  it('answers 404 to its owner on another route of the organization', () => {
    const { table } = rig();
    open({ table }, 'a');
    expect(() => table.place(routeOf({ id: 'mail' }), 'a', ada)).toThrow(gone);
    expect(table.place(routeOf({ id: 'other', organizationId: 'them' }), 'a', ada)).toBeUndefined();
  });

  it('keeps sessions apart that have the same id on two routes', () => {
    const { table } = rig();
    open({ table }, '1', routeOf(), ada, one);
    open({ table }, '1', routeOf({ id: 'mail' }), bob, two);
    expect(table.place(routeOf(), '1', ada)).toBe(one);
    expect(table.place(routeOf({ id: 'mail' }), '1', bob)).toBe(two);
    expect(() => table.place(routeOf(), '1', bob)).toThrow(gone);
  });

  it('leaves an unknown id to the upstream, and binds it to the first who uses it with success', () => {
    const { table } = rig();
    expect(table.place(routeOf(), 'a', ada)).toBeUndefined();
    for (const status of [400, 401, 403, 404, 405, 429, 500, 503])
      table.answered(routeOf(), ada, one, { method: 'POST', status, sent: 'a' });
    expect(table.place(routeOf(), 'a', bob)).toBeUndefined();
    table.answered(routeOf(), bob, two, { method: 'POST', status: 202, sent: 'a' });
    table.answered(routeOf(), ada, one, { method: 'POST', status: 200, sent: 'a' });
    expect(table.place(routeOf(), 'a', bob)).toBe(two);
    expect(() => table.place(routeOf(), 'a', ada)).toThrow(gone);
  });

  it('does not take the echo of an id for a new session', () => {
    const { table } = rig();
    open({ table }, 'a');
    table.answered(routeOf(), bob, two, { method: 'POST', status: 200, sent: 'a', received: 'a' });
    expect(table.place(routeOf(), 'a', ada)).toBe(one);
  });

  it.each([
    ['a good answer to DELETE', { method: 'DELETE', status: 204 }],
    ['404 of the upstream', { method: 'POST', status: 404 }],
  ])('forgets a session at %s', (_name, answer) => {
    const { table } = rig();
    open({ table }, 'a');
    table.answered(routeOf(), ada, one, { ...answer, sent: 'a' });
    expect([table.place(routeOf(), 'a', bob), table.size]).toEqual([undefined, 0]);
  });

  it.each([
    ['405 to DELETE', { method: 'DELETE', status: 405 }],
    ['another answer', { method: 'POST', status: 400 }],
  ])('keeps a session at %s', (_name, answer) => {
    const { table } = rig();
    open({ table }, 'a');
    table.answered(routeOf(), ada, one, { ...answer, sent: 'a' });
    expect(table.place(routeOf(), 'a', ada)).toBe(one);
  });

  it('gives an id that is handed out anew to its new owner', () => {
    const { table } = rig();
    open({ table }, '1', routeOf(), ada, one);
    open({ table }, '1', routeOf(), bob, two);
    expect(table.place(routeOf(), '1', bob)).toBe(two);
    expect(() => table.place(routeOf(), '1', ada)).toThrow(gone);
  });

  it('takes the session of one principal for no session of another with the same letters', () => {
    const { table } = rig();
    open({ table }, 'a', routeOf(), 'user:1');
    expect(() => table.place(routeOf(), 'a', 'agent:1')).toThrow(gone);
  });

  describe('while instances come and go', () => {
    it('serves the sessions of an instance on its way out, then answers 404 so that the client starts anew', () => {
      const { table } = rig();
      open({ table }, 'a', routeOf({ endpoints: [one] }));
      const rolling = routeOf({ endpoints: [two], draining: [one] });
      expect(table.place(rolling, 'a', ada)).toBe(one);
      const rolled = routeOf({ endpoints: [two] });
      expect(() => table.place(rolled, 'a', ada)).toThrow(gone);
      expect(table.size).toBe(0);
      open({ table }, 'b', rolled, ada, two);
      expect(table.place(rolled, 'b', ada)).toBe(two);
    });

    it('follows an instance to a new address', () => {
      const { table } = rig();
      open({ table }, 'a');
      const moved = { ...one, host: '10.0.0.9' };
      expect(table.place(routeOf({ endpoints: [moved] }), 'a', ada)).toBe(moved);
    });

    it('knows an instance without a name by its address', () => {
      const { table } = rig();
      const plain = { host: '10.0.0.1', port: 8000 };
      open({ table }, 'a', routeOf({ endpoints: [plain] }), ada, plain);
      expect(table.place(routeOf({ endpoints: [{ ...plain }] }), 'a', ada)).toEqual(plain);
      expect(() => table.place(routeOf({ endpoints: [{ ...plain, port: 8001 }] }), 'a', ada)).toThrow(gone);
    });

    it('keeps a session while nothing serves', () => {
      const { table } = rig();
      open({ table }, 'a');
      expect(table.place(routeOf({ endpoints: [], unavailable: { reason: 'It starts.' } }), 'a', ada)).toBeUndefined();
      expect(() => table.place(routeOf({ endpoints: [] }), 'a', bob)).toThrow(gone);
      expect(table.place(routeOf(), 'a', ada)).toBe(one);
    });

    it('ends a session whose instance cannot be connected any more, unless it still is one that serves', () => {
      const { table } = rig();
      open({ table }, 'a');
      table.lost(routeOf(), 'a', ada, one);
      expect(table.place(routeOf(), 'a', ada)).toBe(one);
      expect(() => table.lost(routeOf({ endpoints: [two], draining: [one] }), 'a', ada, one)).toThrow(gone);
      expect(table.size).toBe(0);
    });

    it('keeps the sessions of a connector by URL to its owner, at its one address', () => {
      const { table } = rig();
      const remote = routeOf({ endpoints: [], origin: 'https://mcp.example.com' });
      table.answered(remote, ada, undefined, { method: 'POST', status: 200, received: 'a' });
      expect(table.place(remote, 'a', ada)).toBeUndefined();
      expect(() => table.place(remote, 'a', bob)).toThrow(gone);
      expect(() => table.place({ ...remote, origin: 'https://other.example.com' }, 'a', ada)).toThrow(gone);
    });
  });

  describe('with the old SSE transport', () => {
    it('keeps the address of messages to the one whose stream named it, while the stream lasts', () => {
      const { table } = rig();
      table.opened(routeOf(), '/messages?sessionId=7', ada, two);
      expect(table.place(routeOf(), '/messages?sessionId=7', ada)).toBe(two);
      expect(() => table.place(routeOf(), '/messages?sessionId=7', bob)).toThrow(gone);
      table.closed(routeOf(), '/messages?sessionId=7', bob);
      expect(table.place(routeOf(), '/messages?sessionId=7', ada)).toBe(two);
      table.closed(routeOf(), '/messages?sessionId=7', ada);
      expect(table.size).toBe(0);
    });

    it('takes a path that no stream has named for no session, here and on other routes', () => {
      const { table } = rig();
      table.opened(routeOf({ id: 'mail' }), '/messages', ada, one);
      for (const principal of [ada, bob]) {
        expect(table.place(routeOf(), '/messages', principal)).toBeUndefined();
        expect(table.place(routeOf(), '/token?x=1', principal)).toBeUndefined();
        for (const sent of ['/messages', '/token?x=1']) table.answered(routeOf(), principal, one, { method: 'POST', status: 200, sent });
      }
      expect(table.size).toBe(1);
    });

    it('answers 404 on another route to an address with the id of a session', () => {
      const { table } = rig();
      table.opened(routeOf({ id: 'mail' }), '/messages?sessionId=7', ada, one);
      expect(() => table.place(routeOf(), '/messages?sessionId=7', ada)).toThrow(gone);
    });

    it('takes an address that every client is given for no session', () => {
      const { table } = rig();
      for (const principal of [ada, bob, ada]) table.opened(routeOf(), '/messages', principal, one);
      for (const principal of [ada, bob, 'user:eve']) expect(table.place(routeOf(), '/messages', principal)).toBeUndefined();
    });
  });

  it('remembers no more than it is told, and the ones in use longest', () => {
    const { table } = rig({ entries: 3 });
    for (const id of ['a', 'b', 'c']) open({ table }, id);
    void table.place(routeOf(), 'a', ada);
    open({ table }, 'd');
    expect(table.size).toBe(3);
    expect(['a', 'b', 'c', 'd'].map((id) => table.place(routeOf(), id, ada))).toEqual([one, undefined, one, one]);
  });
});
