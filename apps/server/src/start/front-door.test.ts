// Which requests go where, before the platform is ready and while it stops, and what becomes of those that nobody can read.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createFrontDoor, type FrontDoor, type FrontDoorOptions } from './front-door.ts';
import { listen } from './listen.ts';
import { stopServing } from './stop-serving.ts';

const open: FrontDoor[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(open.splice(0).map(({ server }) => stopServing(server, 0)));
});

async function closedDoor(options?: FrontDoorOptions): Promise<{ door: FrontDoor; url: string; port: number }> {
  const door = createFrontDoor(options);
  open.push(door);
  const port = await listen(door.server, '127.0.0.1', 0);
  return { door, port, url: `http://127.0.0.1:${port}` };
}

/** A door before a proxy and an API that tell their names. `bodies` holds what the proxy read. */
async function openDoor(options?: FrontDoorOptions) {
  const { door, port, url } = await closedDoor(options);
  const bodies: string[] = [];
  const proxy = {
    matches: (path: string | undefined) => path?.startsWith('/api/v1/proxy/') ?? false,
    handle: (request: IncomingMessage, response: ServerResponse, awaitsContinue: boolean) => {
      if (awaitsContinue) response.writeContinue();
      let body = '';
      request.setEncoding('latin1').on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        bodies.push(body);
        response.end(`proxy${awaitsContinue ? ' after 100' : ''}`);
      });
    },
  };
  door.open({ proxy, api: { fetch: async (request) => new Response(`api ${new URL(request.url).pathname} ${await request.text()}`) } });
  return { door, port, url, bodies };
}

/** Sends bytes and gives all that comes back until the server closes. */
function exchange(port: number, ...parts: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    sockets.push(socket);
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
    socket.on('error', reject).on('close', () => resolve(answer));
    for (const part of parts) socket.write(Buffer.from(part, 'latin1'));
  });
}

/** A whole answer: one problem, and the connection closed after it. */
function checkProblem(answer: string, status: number, code: string): void {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  expect(head).toContain(`HTTP/1.1 ${status} `);
  expect(answer.match(/HTTP\/1\.1 \d/g)).toHaveLength(1);
  expect(head).toMatch(/^content-type: application\/problem\+json$/im);
  expect(head).toMatch(/^x-runlayer-origin: platform$/im);
  expect(head).toMatch(/^x-request-id: [0-9a-f-]{36}$/im);
  expect(head).toMatch(/^connection: close$/im);
  expect(JSON.parse(body)).toMatchObject({ status, code, detail: expect.any(String) });
}

it('answers 503 until it is opened', async () => {
  const { url } = await closedDoor();
  const answer = await fetch(`${url}/api/v1/deployments/`);
  expect(answer).toMatchObject({ status: 503 });
  expect(answer.headers.get('retry-after')).toBe('2');
  expect(await answer.json()).toMatchObject({ code: 'ERR_STARTING', detail: 'The server is starting.' });
});

it('gives the proxy its requests raw, and the API the rest', async () => {
  const { url, bodies } = await openDoor();
  expect(await (await fetch(`${url}/api/v1/proxy/hosted/x/mcp`)).text()).toBe('proxy');
  expect(await (await fetch(`${url}/health`)).text()).toBe('api /health ');
  expect(bodies).toEqual(['']);
});

it('gives an API of raw requests what is not for the proxy', async () => {
  const { door, url } = await closedDoor();
  door.open({ proxy: { matches: () => false, handle: () => {} }, api: (_request, response) => void response.end('raw') });
  expect(await (await fetch(url)).text()).toBe('raw');
});

it('lets a running answer end while it takes no new connection', async () => {
  const { door, url } = await closedDoor();
  let finish = (): void => {};
  const asked = new Promise<void>((resolve) => {
    const api = {
      fetch: () =>
        new Promise<Response>((answer) => {
          finish = () => answer(new Response('done'));
          resolve();
        }),
    };
    door.open({ proxy: { matches: () => false, handle: () => {} }, api });
  });
  const call = fetch(url);
  await asked;
  const stopped = stopServing(door.server, 10_000);
  await expect(fetch(url)).rejects.toThrow();
  finish();
  expect(await (await call).text()).toBe('done');
  await stopped;
});

const proxied = 'POST /api/v1/proxy/hosted/x/mcp HTTP/1.1\r\nHost: h\r\n';

describe('a request that could be read in two ways is refused and its connection closed (P12)', () => {
  const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n';
  it.each([
    ['two kinds of length', `${proxied}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`],
    ['two kinds of length, the other way round', `${proxied}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n${smuggled}`],
    ['two lengths', `${proxied}Content-Length: 0\r\nContent-Length: 38\r\n\r\n${smuggled}`],
    ['one length twice', `${proxied}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}`],
    ['a list of lengths', `${proxied}Content-Length: 2, 2\r\n\r\n{}`],
    ['a length with a sign', `${proxied}Content-Length: +2\r\n\r\n{}`],
    ['a length beyond counting', `${proxied}Content-Length: 99999999999999999999\r\n\r\n{}`],
    ['an unknown coding', `${proxied}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
    ['a coding after chunked', `${proxied}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`],
    ['two lines of codings', `${proxied}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n`],
    ['a space before the colon', `${proxied}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`],
    ['bare line feeds', `${proxied.replaceAll('\r\n', '\n')}Content-Length: 0\n\n`],
    ['one bare line feed', `${proxied}X: a\nContent-Length: 0\r\n\r\n`],
    ['a bare carriage return', `${proxied}X: a\rContent-Length: 0\r\n\r\n`],
    ['a folded header', `${proxied}X: a\r\n b\r\n\r\n`],
    ['a NUL in a header', `${proxied}X: a\0b\r\n\r\n`],
    ['a header without a name', `${proxied}: a\r\n\r\n`],
    ['a space before the first header', 'GET /api/v1/proxy/x HTTP/1.1\r\n Host: h\r\n\r\n'],
    ['a chunk size that is none', `${proxied}Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n`],
    ['chunks between bare line feeds', `${proxied}Transfer-Encoding: chunked\r\n\r\n2\n{}\n0\n\n`],
    ['a chunk longer than it says', `${proxied}Transfer-Encoding: chunked\r\n\r\n2\r\n{}${smuggled}\r\n0\r\n\r\n`],
    ['a length in the trailers', `${proxied}Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 38\r\n\r\n${smuggled}`],
    ['no HTTP', '\u0016\u0003\u0001\u0002\u0000\u0001'],
    ['another version', 'GET / HTTP/1.2\r\nHost: h\r\n\r\n'],
    ['a method that there is not', 'SMUGGLE / HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['a target outside ASCII', 'GET /\u00e9 HTTP/1.1\r\nHost: h\r\n\r\n'],
  ])('%s', async (_name, bytes) => {
    const { door, port, bodies } = await openDoor();
    checkProblem(await exchange(port, bytes), 400, 'ERR_REQUEST_MALFORMED');
    expect(bodies).toEqual([]);
    expect(door.counts().malformed).toBeGreaterThan(0);
  });

  it.each([
    ['no Host', 'GET /health HTTP/1.1\r\n\r\n'],
    ['two Hosts', 'GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n'],
    ['a coding that the API does not undo', 'POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n'],
    ['chunks of an old version', 'POST /x HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a version without headers', 'GET /health\r\n\r\n'],
  ])('%s, where the API is meant', async (_name, bytes) => {
    const { port } = await openDoor();
    checkProblem(await exchange(port, bytes), 400, 'ERR_REQUEST_MALFORMED');
  });
});

describe('what Node would answer by itself is a problem too', () => {
  it('headers that are too large: 431, by the setting', async () => {
    const head = (size: number) => `${proxied}X: ${'a'.repeat(size)}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
    const { port } = await openDoor({ maxHeaderBytes: 100_000 });
    expect(await exchange(port, head(90_000))).toContain('HTTP/1.1 200 OK');
    checkProblem(await exchange(port, head(110_000)), 431, 'ERR_HEADERS_TOO_LARGE');
  });

  it('passes on 64 KB of headers in 1,500 lines by default, every one', async () => {
    const { door, port } = await closedDoor();
    const seen: number[] = [];
    door.open({
      proxy: { matches: () => true, handle: ({ rawHeaders }, response) => void (seen.push(rawHeaders.length / 2), response.end()) },
      api: () => {},
    });
    await exchange(
      port,
      `GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n${'X-Header: aaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n'.repeat(1_500)}\r\n`,
    );
    expect(seen).toEqual([1_502]);
  });

  it('chunk extensions that are too long: 413', async () => {
    const { port } = await openDoor();
    const body = `2;${'a'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`;
    checkProblem(await exchange(port, `${proxied}Transfer-Encoding: chunked\r\n\r\n${body}`), 413, 'ERR_BODY_TOO_LARGE');
  });

  it('an expectation that it cannot meet: 417', async () => {
    const { port } = await openDoor();
    checkProblem(await exchange(port, `${proxied}Expect: more\r\n\r\n`), 417, 'ERR_EXPECTATION');
  });

  it('CONNECT: 405', async () => {
    const { port } = await openDoor();
    checkProblem(await exchange(port, 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n'), 405, 'ERR_METHOD_NOT_ALLOWED');
  });

  it('a head that trickles in: 408', async () => {
    const { door, port } = await openDoor();
    // The bound of the running server is 20 seconds, looked at every 5; a test need not wait for it.
    expect(door.server).toMatchObject({ headersTimeout: 20_000, requestTimeout: 0, connectionsCheckingInterval: 5_000 });
    const answer = exchange(port, 'GET /api/v1/proxy/x HTTP/1.1\r\nHost: ');
    const [socket] = await new Promise<Socket[]>((resolve) => door.server.once('connection', (one) => resolve([one])));
    door.server.emit('clientError', Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), socket);
    checkProblem(await answer, 408, 'ERR_REQUEST_TOO_SLOW');
  });

  it('writes nothing into the answer of another call', async () => {
    const { door, port } = await closedDoor();
    const begun = (_request: IncomingMessage, response: ServerResponse): void => void response.write('begun');
    door.open({ proxy: { matches: () => true, handle: begun }, api: () => {} });
    const socket = connect(port, '127.0.0.1');
    sockets.push(socket);
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
      if (answer.endsWith('begun\r\n')) socket.write('no HTTP\r\n\r\n');
    });
    socket.write('GET / HTTP/1.1\r\nHost: h\r\n\r\n');
    await new Promise((resolve) => socket.on('close', resolve));
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK[^]*\r\n\r\n5\r\nbegun\r\n$/);
  });

  it('answers nobody else in the place of a call that still waits', async () => {
    const { door, port } = await closedDoor();
    door.open({ proxy: { matches: () => true, handle: () => {} }, api: () => {} });
    expect(await exchange(port, 'GET / HTTP/1.1\r\nHost: h\r\n\r\n', 'no HTTP\r\n\r\n')).toBe('');
  });
});

describe('Expect: 100-continue', () => {
  it('is left to the proxy', async () => {
    const { port, bodies } = await openDoor();
    const answer = await exchange(port, `${proxied}Connection: close\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n`, '{}');
    expect(answer.startsWith('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK')).toBe(true);
    expect(answer).toContain('proxy after 100');
    expect(bodies).toEqual(['{}']);
  });

  it('is met for the API', async () => {
    const { port } = await openDoor();
    const head = 'POST /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n';
    expect(await exchange(port, head, '{}')).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK[^]*api \/x \{\}/);
  });
});

it('takes an offer to upgrade for an ordinary request, as RFC 9110 allows', async () => {
  const { port } = await openDoor();
  const h2c = 'Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n';
  expect(await exchange(port, `GET /api/v1/proxy/x HTTP/1.1\r\nHost: h\r\n${h2c}\r\n`)).toContain('HTTP/1.1 200 OK');
});

it('closes connections that are too many, by the setting', async () => {
  const { door, port, url } = await openDoor({ maxConnections: 1 });
  const first = connect(port, '127.0.0.1');
  sockets.push(first);
  await new Promise((resolve) => door.server.once('connection', resolve));
  await expect(
    exchange(port, 'GET /health HTTP/1.1\r\nHost: h\r\n\r\n').then((answer) => answer || Promise.reject(new Error('closed'))),
  ).rejects.toThrow();
  expect(door.counts().dropped).toBe(1);
  const closed = new Promise((resolve) => first.once('close', resolve));
  first.destroy();
  await closed;
  await expect
    .poll(() =>
      fetch(`${url}/health`).then(
        ({ status }) => status,
        () => 0,
      ),
    )
    .toBe(200);
});
