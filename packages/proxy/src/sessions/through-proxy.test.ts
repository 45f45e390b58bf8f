// MCP sessions through the whole proxy, before upstreams that keep them in memory as real ones do.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { Answer, Rig } from '../../test/rig.ts';
import { ask, closeAll, connector, hosted, key, listen, open, startProxy, until } from '../../test/rig.ts';

const agent = 'rl_agent_key';

afterEach(closeAll);

/** An instance that keeps its sessions to itself, and answers with its name. */
async function instance(name: string) {
  const sessions = new Set<string>();
  const streams = new Map<string, (data: string) => void>();
  let calls = 0;
  const listener: RequestListener = (req, res) => {
    calls += 1;
    const url = new URL(req.url ?? '', 'http://localhost');
    const sent = req.headers['mcp-session-id'] as string | undefined;
    const posted = url.searchParams.get('sessionId');
    if (url.pathname === '/sse') {
      const id = randomUUID();
      streams.set(id, (data) => void res.write(`event: message\ndata: ${data}\n\n`));
      res.writeHead(200, { 'content-type': 'text/event-stream' }).write(`event: endpoint\ndata: /messages?sessionId=${id}\n\n`);
    } else if (posted !== null) {
      streams.get(posted)?.(name);
      res.writeHead(streams.has(posted) ? 202 : 404).end();
    } else if (sent === undefined) {
      const id = randomUUID();
      sessions.add(id);
      res.writeHead(200, { 'mcp-session-id': id }).end(name);
    } else if (!sessions.has(sent)) res.writeHead(404).end(`${name} knows no such session`);
    else if (req.method === 'GET') res.writeHead(200, { 'content-type': 'text/event-stream' }).write(`id: ${name}-event-1\ndata:\n\n`);
    else {
      if (req.method === 'DELETE') sessions.delete(sent);
      res.writeHead(200, { 'mcp-session-id': sent }).end(name);
    }
  };
  const { port, server } = await listen(listener);
  const close = () => (server.closeAllConnections(), new Promise((resolve) => server.close(resolve)));
  return { endpoint: { instance: name, host: '127.0.0.1', port }, sessions, calls: () => calls, close };
}

/** A deployment of these instances. */
async function deployed(...names: string[]) {
  const instances = await Promise.all(names.map(instance));
  const endpoints = instances.map(({ endpoint }) => endpoint);
  const rig = await startProxy(0, { endpoints });
  const total = () => instances.reduce((sum, { calls }) => sum + calls(), 0);
  return { rig, instances, endpoints, total };
}

interface How {
  readonly as?: string;
  readonly method?: string;
  readonly at?: string;
  /** `Last-Event-ID`. */
  readonly after?: string;
}

function call({ port }: Rig, session?: string, how: How = {}): Promise<Answer> {
  const { as = key, method = 'POST', at = `${hosted}/mcp`, after } = how;
  const named = session === undefined ? {} : { 'mcp-session-id': session };
  return ask(port, at, {
    method,
    headers: { 'x-runlayer-api-key': as, ...named, ...(after === undefined ? {} : { 'last-event-id': after }) },
  });
}

async function opened(rig: Rig, as = key): Promise<{ id: string; on: string }> {
  const { headers, body } = await call(rig, undefined, { as });
  return { id: String(headers['mcp-session-id']), on: body };
}

const refused = { status: 404, headers: { 'x-runlayer-origin': 'platform' } };

describe('sessions', () => {
  it('go back to the instance that made them, with their id unchanged [PROXY-1]', async () => {
    const { rig } = await deployed('one', 'two', 'three');
    const sessions = await Promise.all([1, 2, 3, 4, 5, 6].map(() => opened(rig)));
    expect(new Set(sessions.map(({ on }) => on)).size).toBe(3);
    for (let turn = 0; turn < 3; turn += 1) {
      for (const { id, on } of sessions) expect(await call(rig, id)).toMatchObject({ status: 200, body: on });
    }
  });

  it('are for nobody but the one who opened them, and are not even asked about upstream [PROXY-1]', async () => {
    const { rig, total } = await deployed('one');
    const { id } = await opened(rig);
    const before = total();
    for (const method of ['POST', 'GET', 'DELETE']) expect(await call(rig, id, { as: agent, method })).toMatchObject(refused);
    expect(total()).toBe(before);
    expect((await call(rig, id)).status).toBe(200);
  });

  it('are for nobody at the address of another server', async () => {
    const { rig, total } = await deployed('one');
    const { id } = await opened(rig);
    const before = total();
    rig.set({ id: randomUUID() });
    expect(await call(rig, id, { at: `${connector}/mcp` })).toMatchObject(refused);
    expect(total()).toBe(before);
  });

  it('that are unknown are the upstream’s to answer', async () => {
    const { rig } = await deployed('one');
    const answer = await call(rig, 'never seen');
    expect(answer).toMatchObject({ status: 404, body: 'one knows no such session' });
    expect(answer.headers['x-runlayer-origin']).toBeUndefined();
  });

  it('end with DELETE', async () => {
    const { rig, instances } = await deployed('one', 'two');
    const { id } = await opened(rig);
    expect((await call(rig, id, { method: 'DELETE' })).status).toBe(200);
    expect(instances.every(({ sessions }) => sessions.size === 0)).toBe(true);
    expect((await call(rig, id)).body).toContain('knows no such session');
  });

  it('are served by their instance while it drains, and answered 404 after it, so that the client starts anew [PROXY-1]', async () => {
    const { rig, endpoints } = await deployed('old', 'new');
    const [old, young] = endpoints;
    if (old === undefined || young === undefined) throw new Error('no endpoints');
    rig.set({ endpoints: [old] });
    const before = await opened(rig);
    rig.set({ endpoints: [young], draining: [old] });
    expect((await call(rig, before.id)).body).toBe('old');
    expect((await opened(rig)).on).toBe('new');
    rig.set({ endpoints: [young], draining: [] });
    expect(await call(rig, before.id)).toMatchObject(refused);
    const anew = await opened(rig);
    expect((await call(rig, anew.id)).body).toBe('new');
  });

  it('are answered 404 as soon as an instance on its way out cannot be connected', async () => {
    const { rig, endpoints } = await deployed('new');
    const leaving = await instance('old');
    rig.set({ endpoints: [leaving.endpoint] });
    const { id } = await opened(rig);
    await leaving.close();
    rig.set({ endpoints, draining: [leaving.endpoint] });
    expect(await call(rig, id)).toMatchObject(refused);
    expect((await opened(rig)).on).toBe('new');
  });
});

describe('events', () => {
  it('are gone on from by the one who was sent them only', async () => {
    const { rig, total } = await deployed('one');
    const mine = await opened(rig);
    const other = await opened(rig, agent);
    const headers = { 'x-runlayer-api-key': key, 'mcp-session-id': mine.id };
    const stream = await open(rig.port, `${hosted}/mcp`, { headers });
    await data(stream, 'one-event-1');
    const before = total();
    expect(await call(rig, other.id, { as: agent, method: 'GET', after: 'one-event-1' })).toMatchObject(refused);
    expect(total()).toBe(before);
    const again = await open(rig.port, `${hosted}/mcp`, { headers: { ...headers, 'last-event-id': 'one-event-1' } });
    expect(again.statusCode).toBe(200);
    stream.destroy();
    again.destroy();
  });
});

describe('the old SSE transport', () => {
  it('takes messages where the stream was opened, from the one who opened it, while it lasts', async () => {
    const { rig, total } = await deployed('one', 'two', 'three');
    for (let turn = 0; turn < 3; turn += 1) {
      const stream = await open(rig.port, `${hosted}/sse`);
      const text = await data(stream, 'sessionId=');
      const at = /data: (\S+)/.exec(text)?.[1] ?? '';
      expect((await call(rig, undefined, { at })).status).toBe(202);
      const before = total();
      expect(await call(rig, undefined, { at, as: agent })).toMatchObject(refused);
      expect(total()).toBe(before);
      stream.destroy();
    }
    await until(() => rig.proxy.stats().sessions === 0);
  });
});

/** What came until this text was in it. */
async function data(stream: IncomingMessage, text: string): Promise<string> {
  let came = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => (came += chunk));
  await until(() => came.includes(text));
  return came;
}
