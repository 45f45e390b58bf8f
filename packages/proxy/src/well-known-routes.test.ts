// Discovery documents at the platform's root, answered by the upstream that exposes them.
import type { RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import {
  ask,
  closeAll,
  connector,
  connectorId,
  deploymentId,
  echo,
  hosted,
  key,
  listen,
  organizationId,
  raw,
  seen,
  startProxy,
} from '../test/rig.ts';
import type { Rig } from '../test/rig.ts';

afterEach(closeAll);

const server = '/.well-known/oauth-authorization-server';
const openid = '/.well-known/openid-configuration';
const resource = '/.well-known/oauth-protected-resource';
const everything = ['/.well-known/*'];
const anonymous = { headers: {} };

/** An upstream that has these paths only, and remembers what it was asked for. */
async function holding(paths: Readonly<Record<string, number>>, otherwise = 404): Promise<Rig & { readonly asked: string[] }> {
  const asked: string[] = [];
  const answer: RequestListener = (req, res) => {
    asked.push(`${req.method} ${req.url}`);
    res.writeHead(paths[req.url ?? ''] ?? otherwise, { 'content-type': 'application/json' }).end(JSON.stringify({ at: req.url }));
  };
  return { ...(await startProxy((await listen(answer)).port, { expose: everything })), asked };
}

describe('a discovery document before the path of a hosted URL', () => {
  it.each([server, openid, resource])('%s is asked of the upstream, without a key [PROXY-3]', async (document) => {
    const { port, asked } = await holding({ [document]: 200 });
    const answer = await ask(port, document + hosted, anonymous);
    expect([answer.status, JSON.parse(answer.body)]).toEqual([200, { at: document }]);
    expect(asked).toEqual([`GET ${document}${hosted}`, `GET ${document}`]);
  });

  it.each([
    ['the whole path', `${resource}${hosted}/mcp`, 1],
    ["the path below the upstream's root", `${resource}/mcp`, 2],
    ['the root itself', resource, 3],
  ])('is found at %s [PROXY-3]', async (_name, path, requests) => {
    const { port, asked } = await holding({ [path]: 200 });
    expect(JSON.parse((await ask(port, `${resource}${hosted}/mcp`, anonymous)).body)).toEqual({ at: path });
    expect(asked).toHaveLength(requests);
  });

  it.each([400, 401, 403, 404, 405])(
    'is looked for further when the upstream answers %i to a path that it does not know',
    async (status) => {
      const { port } = await holding({ [server]: 200 }, status);
      expect((await ask(port, server + hosted, anonymous)).status).toBe(200);
    },
  );

  it.each([200, 302, 429, 500, 503])('is what the first path answers with %i', async (status) => {
    const { port, asked } = await holding({ [server + hosted]: status, [server]: 200 });
    expect((await ask(port, server + hosted, anonymous)).status).toBe(status);
    expect(asked).toHaveLength(1);
  });

  it("is the upstream's own refusal when it has none [PROXY-3]", async () => {
    const { port } = await holding({});
    const answer = await ask(port, server + hosted, anonymous);
    expect([answer.status, answer.body]).toEqual([404, JSON.stringify({ at: server })]);
    expect(answer.headers).not.toHaveProperty('x-runlayer-origin');
  });

  it('is asked for with the method and the query that came', async () => {
    const { port, asked } = await holding({ [`${server}?a=1`]: 200 });
    expect(await ask(port, `${server}${hosted}?a=1`, { headers: {}, method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
    expect(asked).toEqual([`HEAD ${server}${hosted}?a=1`, `HEAD ${server}?a=1`]);
    expect((await ask(port, server + hosted, { headers: {}, method: 'OPTIONS' })).status).toBe(404);
  });

  it('passes byte for byte, with the headers of the upstream and none of ours about keeping it [PROXY-3]', async () => {
    const document = Buffer.from('{ "issuer":\t"https://platform.example.com/x" , "é": "\\u00e9" }\r\n');
    const headers = { 'content-type': 'application/json', etag: '"1"', 'content-length': String(document.length) };
    const upstream = await listen((_req, res) => void res.writeHead(200, headers).end(document));
    const { port } = await startProxy(upstream.port, { expose: everything });
    const answer = await ask(port, server + hosted, { headers: { origin: 'https://app.example.com' } });
    expect(answer.body).toBe(document.toString());
    expect(answer.headers).toMatchObject({ ...headers, 'access-control-allow-origin': '*' });
    for (const name of ['cache-control', 'expires', 'age', 'vary', 'content-security-policy'])
      expect(answer.headers).not.toHaveProperty(name);
  });

  it('is asked for again each time: nothing is kept [PROXY-3]', async () => {
    const { port, asked } = await holding({ [server + hosted]: 200 });
    for (let times = 0; times < 3; times += 1) await ask(port, server + hosted, anonymous);
    expect(asked).toHaveLength(3);
  });

  it('is found through a connector of the deployment too [PROXY-3]', async () => {
    const { port, asked } = await holding({ [`${resource}/mcp`]: 200 });
    expect((await ask(port, `${resource}${connector}/mcp`, anonymous)).status).toBe(200);
    expect(asked).toEqual([`GET ${resource}${connector}/mcp`, `GET ${resource}/mcp`]);
  });

  it('is never taken from a path that a connector by URL has', async () => {
    const { port, set, asked } = await holding({ [server]: 200 });
    set({ origin: 'http://127.0.0.1:9', endpoints: [], expose: [] });
    expect((await ask(port, server + connector, anonymous)).status).toBe(404);
    expect(asked).toEqual([]);
  });
});

describe('what is not exposed', () => {
  it.each<[string, string[]]>([
    ['nothing is exposed', []],
    ['another document is', [openid]],
    ['another route is', ['/authorize']],
    ['only what lies below it is', [`${server}/tenant`]],
  ])('is not found when %s, with or without a key, like a deployment that does not exist [PROXY-2]', async (_name, expose) => {
    const { port, handled } = await startProxy((await listen(echo)).port, { expose });
    const unknown = '99999999-9999-4999-8999-999999999999';
    const answers = await Promise.all([
      ask(port, server + hosted, anonymous),
      ask(port, server + hosted),
      ask(port, `${server}/api/v1/proxy/hosted/${unknown}`, anonymous),
    ]);
    const told = answers.map(({ status, body, headers }) => [status, body.replace(unknown, deploymentId), headers['x-runlayer-origin']]);
    expect(new Set(told.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(told[0]).toEqual([404, expect.stringContaining('ERR_PROXY_NOT_FOUND'), 'platform']);
    expect(handled()).toBe(3);
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'PROPFIND'])('is the method %s: a document can only be read [PROXY-2]', async (method) => {
    const { port, asked } = await holding({ [server]: 200 });
    const answer = await ask(port, server + hosted, { headers: {}, method });
    expect([answer.status, answer.headers.allow]).toEqual([405, 'GET, HEAD, OPTIONS']);
    expect(asked).toEqual([]);
  });

  it.each(['/../mcp', '/..%2fmcp', '/%2e%2e/mcp', '//mcp', '/;x', '/a\\b', '#x'])('is no path that %s leads to [PROXY-2]', async (rest) => {
    const { port, asked } = await holding({}, 200);
    const answer = await raw(port, `GET ${server}${hosted}${rest} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 40[04] /);
    expect(asked).toEqual([]);
  });

  it('is the MCP endpoint, wherever it is [PROXY-2]', async () => {
    const { port, set, asked } = await holding({}, 200);
    set({ mcpPath: server, expose: [server, `${server}/*`, '/.well-known/*'] });
    expect((await ask(port, server + hosted, anonymous)).status).toBe(404);
    expect(asked).toEqual([]);
  });
});

describe('a call of a discovery document', () => {
  it('tells the upstream the kind of subject and the organization only [PROXY-4]', async () => {
    const { port, records } = await startProxy((await listen(echo)).port, { expose: everything, forward: { headers: true, token: true } });
    const { headers, url } = seen(await ask(port, `${resource}${hosted}/mcp`, anonymous));
    expect(url).toBe(`${resource}${hosted}/mcp`);
    expect(headers.filter(([name]) => name.toLowerCase().startsWith('x-runlayer'))).toEqual([
      ['X-Runlayer-Subject-Type', 'anonymous'],
      ['X-Runlayer-Org-Id', organizationId],
    ]);
    expect(records[0]).toMatchObject({ kind: 'hosted', routeId: deploymentId, path: `${resource}/mcp`, status: 200 });
    expect(records[0]?.subject).toBeUndefined();
  });

  it("takes the platform's key away and leaves the upstream its own token [PROXY-3]", async () => {
    const { port } = await startProxy((await listen(echo)).port, { expose: everything });
    const { headers } = seen(await ask(port, server + hosted, { headers: { 'x-runlayer-api-key': key, authorization: 'Bearer theirs' } }));
    expect(headers).toContainEqual(['authorization', 'Bearer theirs']);
    expect(JSON.stringify(headers)).not.toContain(key);
  });

  it('that carries a key is led nowhere but below the upstream, read from where the caller stands [PROXY-2]', async () => {
    const upstream = await listen((_req, res) => void res.writeHead(307, { location: 'other' }).end());
    const { port } = await startProxy(upstream.port, { expose: everything });
    expect((await ask(port, server + hosted)).status).toBe(502);
    expect((await ask(port, server + hosted, anonymous)).status).toBe(307);
    expect((await ask(port, `${hosted}${server}`)).status).toBe(307);
  });

  it('is counted to its route', async () => {
    const { port, records } = await holding({ [server]: 200 });
    await ask(port, server + connector, anonymous);
    expect(records[0]).toMatchObject({ kind: 'connector', routeId: connectorId });
  });

  it('with a body too long to be kept asks at the first path only', async () => {
    const { port, asked } = await holding({ [server]: 200 });
    const headers = { 'content-length': '100000' };
    expect((await ask(port, server + hosted, { headers, body: Buffer.alloc(100_000) })).status).toBe(404);
    expect(asked).toEqual([`GET ${server}${hosted}`]);
  });
});
