import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { platformKey } from '../test-vectors/craft.ts';
import { checkJwksUrl } from './check-jwks-url.ts';
import { fetchKeySet } from './fetch-key-set.ts';
import type { FetchedKeys } from './fetch-key-set.ts';
import { readyWebKey } from './web-signature.ts';

const keySet = JSON.stringify({ keys: [platformKey.jwk] });
let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function listen(handler: RequestListener): Promise<string> {
  server = createServer(handler);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
}

const load = (url: string, timeoutMs = 5000): Promise<FetchedKeys> =>
  fetchKeySet({ url, timeoutMs, fetch: (input, init) => fetch(input, init), readyKey: readyWebKey });

describe('fetching the keys', () => {
  it('reads what the platform publishes [ID-4]', async () => {
    const { keys, freshSeconds } = await load(await listen((_, response) => response.end(keySet)));
    expect([...keys.keys()]).toEqual([platformKey.jwk.kid]);
    expect(freshSeconds).toBe(600);
  });

  it('says how long the answer may be kept [ID-4]', async () => {
    const url = await listen((_, response) => response.writeHead(200, { 'cache-control': 'public, max-age=300' }).end(keySet));
    expect(await load(url)).toHaveProperty('freshSeconds', 300);
  });

  it.each<[string, RequestListener]>([
    ['under another content type', (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(keySet)],
    ['packed', (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(keySet))],
    ['of just 64 KiB', (_, response) => response.end(keySet.padEnd(65_536))],
  ])('reads keys that come %s', async (_name, handler) => {
    expect((await load(await listen(handler))).keys.size).toBe(1);
  });

  it('stops reading what unpacks to more than it takes, long before its end', async () => {
    const bomb = gzipSync(Buffer.alloc(100_000_000, ' '));
    let read = 0;
    const url = await listen((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb));
    const counting: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      const count = new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          read += chunk.byteLength;
          controller.enqueue(chunk);
        },
      });
      return new Response(response.body?.pipeThrough(count), response);
    };
    await expect(fetchKeySet({ url, timeoutMs: 5000, fetch: counting, readyKey: readyWebKey })).rejects.toMatchObject({
      message: expect.stringContaining('64 KiB'),
    });
    expect(read).toBeLessThan(1_000_000);
  });

  it.each<[string, RequestListener, string]>([
    [
      'a redirect, even to good keys',
      (request, response) => (request.url === '/jwks' ? response.writeHead(302, { location: '/good' }).end() : response.end(keySet)),
      'status 302',
    ],
    [
      'a redirect for good, to another host',
      (_, response) => response.writeHead(301, { location: 'https://r.example/jwks' }).end(keySet),
      'status 301',
    ],
    ['an empty answer', (_, response) => response.end(), 'JSON'],
    ['an error page', (_, response) => response.writeHead(500).end('<html>'), 'status 500'],
    ['nothing', (_, response) => response.writeHead(204).end(), 'status 204'],
    ['HTML', (_, response) => response.end('<html>'), 'JSON'],
    ['10 MB', (_, response) => response.end(Buffer.alloc(10_000_000, ' ')), '64 KiB'],
    ['10 MB in small pieces', (_, response) => drip(response, 1000, 0), '64 KiB'],
    ['JSON of another kind', (_, response) => response.end('{"keys":{}}'), 'list of at most 64 keys'],
    ['one byte above 64 KiB', (_, response) => response.end(keySet.padEnd(65_537)), '64 KiB'],
    ['text that only claims to be packed', (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(keySet), 'reached'],
    ['a broken connection', (request) => request.socket.destroy(), 'cannot be reached'],
    [
      'a connection that breaks midway',
      (request, response) => {
        response.writeHead(200, { 'content-length': 1000 }).write(keySet.slice(0, 20), () => request.socket.destroy());
      },
      'cannot be reached',
    ],
  ])('refuses %s', async (_name, handler, message) => {
    await expect(load(await listen(handler))).rejects.toMatchObject({
      code: 'ERR_IDENTITY_KEYS_UNAVAILABLE',
      message: expect.stringContaining(message),
    });
  });

  it.each<[string, RequestListener]>([
    ['never answers', () => undefined],
    ['drips a byte at a time', (_, response) => drip(response, 1, 20)],
  ])('gives up on an address that %s', async (_name, handler) => {
    await expect(load(await listen(handler), 150)).rejects.toMatchObject({ message: expect.stringContaining('within 150 ms') });
  });

  it('gives up even when the fetch it was given does not heed the signal', async () => {
    const deaf = { url: 'https://r.example', timeoutMs: 20, fetch: () => new Promise<never>(() => undefined), readyKey: readyWebKey };
    await expect(fetchKeySet(deaf)).rejects.toMatchObject({ code: 'ERR_IDENTITY_KEYS_UNAVAILABLE' });
  });
});

function drip(response: Parameters<RequestListener>[1], bytes: number, pauseMs: number): void {
  const timer = setInterval(() => response.write(' '.repeat(bytes)), pauseMs);
  response.once('close', () => clearInterval(timer));
}

describe('the address of the keys', () => {
  it.each([
    'https://r.example/jwks',
    'http://localhost:3000/jwks',
    'http://127.9.9.9/jwks',
    'http://[::1]:3000/jwks',
    'http://host.docker.internal:3000/jwks',
    'http://2130706433/jwks',
    // A private address is the author's own choice, and nothing in a token can change it.
    'https://10.0.0.1/jwks',
    'https://keys.internal/jwks',
  ])('may be %s', (url) => {
    expect(checkJwksUrl(url)).toBeTypeOf('string');
  });

  it.each([
    '',
    'jwks',
    'http://r.example/jwks',
    'http://10.0.0.1/jwks',
    'http://169.254.169.254/jwks',
    'http://localhost.evil.example/jwks',
    'http://127.0.0.1.evil.example/jwks',
    'http://xhost.docker.internal/jwks',
    'http://[::ffff:10.0.0.1]/jwks',
    'https://user:word@r.example/jwks',
    'ftp://r.example/jwks',
    'file:///etc/passwd',
    'data:application/json,{}',
  ])('may not be "%s"', (url) => {
    expect(() => checkJwksUrl(url)).toThrow(expect.objectContaining({ code: 'ERR_IDENTITY_OPTIONS' }));
  });
});
