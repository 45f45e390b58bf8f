import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { ask, closeAll, connector, hosted, key, listen, open, startProxy, until } from '../test/rig.ts';
import { EventStream } from './event-stream.ts';
import { createStreamComments } from './stream-comments.ts';

afterEach(closeAll);

function pass(chunks: readonly string[], stream = new EventStream((endpoint) => `/public${endpoint}`)): string {
  const out = chunks.map((chunk) => stream.pass(Buffer.from(chunk))?.toString() ?? '');
  return out.join('') + (stream.rest()?.toString() ?? '');
}

describe('the endpoint event', () => {
  it.each([
    ['LF', 'event: endpoint\ndata: /messages?s=1\n\n'],
    ['CRLF', 'event: endpoint\r\ndata: /messages?s=1\r\n\r\n'],
    ['CR', 'event: endpoint\rdata: /messages?s=1\r\rx'],
    ['no space', 'event:endpoint\ndata:/messages?s=1\n\n'],
    ['data first', 'data: /messages?s=1\nevent: endpoint\n\n'],
    ['comments and retry before it', ': hello\n\nretry: 5\n\n\nevent: endpoint\ndata: /messages?s=1\n\n'],
  ])('is rewritten with %s [PROXY-1]', (_name, text) => {
    expect(pass([text])).toBe(text.replace('/messages', '/public/messages'));
  });

  it('is rewritten however it is cut into chunks [PROXY-1]', () => {
    const text = ': a\r\n\r\nevent: endpoint\r\ndata: /m?s=1\r\n\r\nevent: message\ndata: /m\n\n';
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: text.length }), { maxLength: 10 }), (cuts) => {
        const places = [0, ...cuts.toSorted((a, b) => a - b), text.length];
        const chunks = places.slice(1).map((place, index) => text.slice(places[index], place));
        return pass(chunks) === text.replace('data: /m?', 'data: /public/m?');
      }),
    );
  });

  it.each([
    ['another event', 'event: message\ndata: /m\n\n'],
    ['an event whose data speaks of one', 'data: 1\n\ndata: event: endpoint\ndata: /m\n\n'],
    ['an event with a name that goes on', 'data: 1\n\nevent: endpoints\ndata: /m\n\n'],
    ['another event without an end', 'event: message\ndata: /m\n'],
  ])('leaves %s as it is', (_name, text) => {
    expect(pass([text])).toBe(text);
  });

  it.each([
    ['a second one', 'event: endpoint\ndata: /m\n\nevent: endpoint\ndata: /n\n\n'],
    ['one after a message', 'data: 1\n\nevent: endpoint\ndata: /m\n\n'],
    ['one after a long comment', `: ${'a'.repeat(9_000)}\nevent:endpoint\rdata: /m\r\r`],
    ['two lines of data', 'event: endpoint\ndata: /m\ndata: /../n\n\n'],
    ['an empty line of data', 'event: endpoint\ndata\ndata: /m\n\n'],
    ['one too long to be true', `event: endpoint\ndata: /${'m'.repeat(9_000)}\n`],
  ])('is refused as %s, however it is cut into chunks', (_name, text) => {
    for (const size of [1, 2, 7, 8_000, 20_000]) {
      const chunks = Array.from({ length: Math.ceil(text.length / size) }, (_chunk, index) => text.slice(index * size, (index + 1) * size));
      expect(() => pass(chunks)).toThrow('endpoint');
    }
  });

  it('is rewritten after a mark of byte order, and does not go out without its end', () => {
    expect(pass(['\ufeffevent: endpoint\ndata: /m\n\n'])).toBe('\ufeffevent: endpoint\ndata: /public/m\n\n');
    expect(pass(['\ufeffdata: /m\nevent: endpoint\n\n'])).toBe('\ufeffdata: /public/m\nevent: endpoint\n\n');
    expect(pass(['event: endpoint\rdata: /m\r\r'])).toBe('');
  });

  it('passes arbitrary bytes unchanged when it has nothing to rewrite', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 10 }), (chunks) => {
        const stream = new EventStream((endpoint) => endpoint);
        const out = [...chunks.map((chunk) => stream.pass(Buffer.from(chunk))), stream.rest()].filter((part) => part !== undefined);
        return Buffer.concat(out).equals(Buffer.concat(chunks));
      }),
    );
  });
});

describe('the place for a comment', () => {
  it.each([
    [[], true],
    [['data: 1\n\n'], true],
    [['data: 1\n', '\n'], true],
    [['data: 1\r\n\r\n'], true],
    [['data: 1\n'], false],
    [['data: 1\n\nd'], false],
    [['data: 1\r\r'], false],
    [['data: 1\r\n\r'], false],
  ])('after %j: %s', (chunks: string[], expected) => {
    const stream = new EventStream();
    for (const chunk of chunks) stream.pass(Buffer.from(chunk));
    expect(stream.betweenEvents).toBe(expected);
  });
});

describe('a silent stream', () => {
  it('gets a comment once it was silent long enough, and only then', () => {
    let now = 0;
    const written: number[] = [];
    const comments = createStreamComments(15_000, () => now);
    const target = { lastByteAt: 0, writeComment: () => void written.push((target.lastByteAt = now)) };
    comments.add(target);
    for (now = 0; now <= 60_000; now += 5_000) comments.tick();
    expect(written).toEqual([15_000, 30_000, 45_000, 60_000]);
    comments.remove(target);
    comments.tick();
    expect(written).toHaveLength(4);
  });

  it('is kept alive through the proxy between events and never within one', async () => {
    const pieces: string[] = [];
    let send: ((text: string) => void) | undefined;
    const upstream = await listen((_req, res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      send ??= (text) => void res.write(text);
    });
    const { port } = await startProxy(upstream.port, {}, { limits: { streamCommentMs: 20 } });
    const stream = await open(port, `${hosted}/mcp`, { method: 'POST', headers: { 'x-runlayer-api-key': key } });
    stream.on('data', (chunk: Buffer) => void pieces.push(chunk.toString()));
    await until(() => pieces.length >= 2);
    expect(new Set(pieces)).toEqual(new Set([':\n\n']));
    pieces.length = 0;
    send?.('data: half');
    await until(() => pieces.join('').endsWith('half'));
    const quiet = pieces.length;
    const witness = await open(port, `${hosted}/mcp`, { method: 'POST', headers: { 'x-runlayer-api-key': key } });
    let comments = 0;
    witness.on('data', () => (comments += 1));
    await until(() => comments > 3);
    witness.destroy();
    expect(pieces).toHaveLength(quiet);
    send?.(' and half\n\n');
    await until(() => pieces.at(-1) === ':\n\n');
    expect(pieces.join('').replaceAll(':\n\n', '')).toBe('data: half and half\n\n');
    stream.destroy();
  });
});

describe('the old SSE transport', () => {
  const sse = { expose: [], mcpPath: '/sse', transport: 'sse' } as const;

  it.each([
    ['a hosted URL', `${hosted}/sse`, `${hosted}/messages?s=1`],
    ['a connector', `${connector}/mcp`, `${connector}/messages?s=1`],
  ])('works below %s: stream, endpoint, message [PROXY-1]', async (_name, path, endpoint) => {
    const posted: string[] = [];
    const upstream = await listen((req, res) => {
      if (req.method === 'POST') {
        posted.push(req.url ?? '');
        res.writeHead(202).end('Accepted');
        return;
      }
      expect(req.url).toBe('/sse');
      expect(req.headers['accept-encoding']).toBeUndefined();
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      res.write('event: endpoint\ndata: /messages?s=1\n\n');
    });
    const { port } = await startProxy(upstream.port, sse);
    const headers = { 'x-runlayer-api-key': key, accept: 'text/event-stream', 'accept-encoding': 'gzip' };
    const stream = await open(port, path, { headers });
    const got: string[] = [];
    stream.on('data', (chunk: Buffer) => void got.push(chunk.toString()));
    await until(() => got.length > 0);
    expect(got.join('')).toBe(`event: endpoint\ndata: ${endpoint}\n\n`);
    expect((await ask(port, endpoint, { method: 'POST', headers: { 'x-runlayer-api-key': key }, body: '{}' })).status).toBe(202);
    expect(posted).toEqual(['/messages?s=1']);
    expect((await ask(port, `${connector}/messages?s=1`)).status).toBe(404);
    stream.destroy();
  });

  it('cuts a stream that sends its messages to another site', async () => {
    const upstream = await listen((_req, res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      res.write('event: endpoint\ndata: https://evil.example.com/messages\n\n');
    });
    const { port, records } = await startProxy(upstream.port, sse);
    const stream = await open(port, `${connector}/mcp`, { headers: { 'x-runlayer-api-key': key, accept: 'text/event-stream' } });
    const failed = new Promise((resolve) => stream.on('error', resolve));
    stream.resume();
    await failed;
    await until(() => records.length === 1);
    expect(records[0]?.code).toBe('ERR_PROXY_ANSWER');
  });
});
