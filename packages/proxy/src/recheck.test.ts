// Streams that outlive the right to them.
import { once } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ask, callers, closeAll, deploymentId, hosted, key, listen, open, startProxy, until } from '../test/rig.ts';
import type { Caller, ProxyRoute } from './index.ts';
import { createRecheck } from './recheck.ts';

afterEach(closeAll);

async function openStream(expose: readonly string[] = []) {
  const upstream = await listen((_req, res) => res.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders());
  const state: { caller: Caller | undefined; route: ProxyRoute | undefined; down: boolean } = {
    caller: callers[key],
    route: undefined,
    down: false,
  };
  const authenticate = (): Caller | undefined => {
    if (state.down) throw new Error('down');
    return state.caller;
  };
  const routes = { deployment: (id: string) => (id === deploymentId ? state.route : undefined), connector: () => undefined };
  const rig = await startProxy(upstream.port, {}, { authenticate, routes, limits: { recheckMs: 0 } });
  state.route = { ...rig.route(), expose };
  const stream = await open(rig.port, `${hosted}/events`);
  const ended = once(stream, 'error').then(() => 'cut');
  stream.resume();
  return { ...rig, state, ended, upstream };
}

describe('an open stream', () => {
  it.each([
    ['its key is revoked', []],
    ['its key is revoked, also on an exposed path', ['/events']],
  ])('is cut when %s [PROXY-2]', async (_name, expose) => {
    const { proxy, state, ended, records, upstream } = await openStream(expose);
    state.caller = undefined;
    proxy.invalidate();
    expect(await ended).toBe('cut');
    await until(() => upstream.sockets.size === 0);
    expect(records[0]).toMatchObject({ outcome: 'cut', status: 200 });
  });

  it('is cut when its deployment is gone', async () => {
    const { proxy, state, ended } = await openStream();
    state.route = undefined;
    proxy.invalidate();
    expect(await ended).toBe('cut');
  });

  it('is cut when its upstream is to be told more of the caller, or less [ID-2]', async () => {
    const { proxy, state, ended, route } = await openStream();
    state.route = { ...route(), forward: { headers: true, token: false } };
    proxy.invalidate();
    expect(await ended).toBe('cut');
  });

  it('goes on while the platform cannot tell, and while nothing changed', async () => {
    const { port, proxy, state, ended, records } = await openStream();
    state.down = true;
    proxy.invalidate();
    expect((await ask(port, `${hosted}/x`)).status).toBe(503);
    state.down = false;
    proxy.invalidate();
    expect(await Promise.race([ended, open(port, `${hosted}/x`).then(({ statusCode }) => statusCode)])).toBe(200);
    expect(records.map(({ outcome }) => outcome)).toEqual(['refused']);
  });
});

describe('createRecheck', () => {
  it('looks now and then, and not again after stop', async () => {
    vi.useFakeTimers();
    let looks = 0;
    const recheck = createRecheck(1_000, async () => void (looks += 1));
    await vi.advanceTimersByTimeAsync(3_000);
    recheck.stop();
    await vi.advanceTimersByTimeAsync(3_000);
    vi.useRealTimers();
    expect(looks).toBe(3);
  });

  it('looks once more when asked while it looks, never twice at a time', async () => {
    const looks: (() => void)[] = [];
    const recheck = createRecheck(0, () => new Promise((resolve) => void looks.push(resolve)));
    for (let times = 0; times < 3; times += 1) recheck.now();
    expect(looks).toHaveLength(1);
    looks[0]?.();
    await until(() => looks.length === 2);
    looks[1]?.();
    recheck.now();
    await until(() => looks.length === 3);
    recheck.stop();
  });

  it('survives a look that fails', async () => {
    let looks = 0;
    const recheck = createRecheck(0, () => Promise.reject(new Error(`look ${(looks += 1)}`)));
    recheck.now();
    await until(() => looks === 1);
    await new Promise(setImmediate);
    recheck.now();
    await until(() => looks === 2);
  });
});
