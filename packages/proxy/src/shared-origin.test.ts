// Servers share the platform's origin: what of their answers is rewritten, held in, or left out.
import { afterEach, describe, expect, it } from 'vitest';
import { ask, closeAll, connector, hosted, key, listen, startProxy } from '../test/rig.ts';
import type { Answer } from '../test/rig.ts';
import { scopedCookie, withoutPlatformCookies } from './cookies.ts';
import { publicChallenge } from './public-challenge.ts';
import { publicEndpoint, publicLocation } from './public-address.ts';
import type { AddressMap } from './public-address.ts';

afterEach(closeAll);

async function answerWith(headers: Record<string, string | string[]>, path = `${hosted}/x`, status = 200): Promise<Answer> {
  const { port } = await startProxy((await listen((_req, res) => void res.writeHead(status, headers).end('<p>'))).port);
  return ask(port, path);
}

const map: AddressMap = {
  upstreamOrigins: ['http://localhost:8000', 'http://10.0.0.7:8000'],
  platformOrigin: 'https://p.example.com',
  prefix: '/api/v1/proxy/hosted/d',
};

describe('publicLocation', () => {
  it.each([
    ['/mcp/', '/api/v1/proxy/hosted/d/mcp/'],
    ['http://localhost:8000/mcp/?a=1', 'https://p.example.com/api/v1/proxy/hosted/d/mcp/?a=1'],
    ['http://10.0.0.7:8000', 'https://p.example.com/api/v1/proxy/hosted/d'],
    ['/api/v1/proxy/hosted/d/mcp/', '/api/v1/proxy/hosted/d/mcp/'],
    ['/api/v1/proxy/hosted/d2/mcp/', '/api/v1/proxy/hosted/d/api/v1/proxy/hosted/d2/mcp/'],
    ['mcp/', 'mcp/'],
    ['?a=1', '?a=1'],
    ['https://p.example.com/oauth/callback?code=1', 'https://p.example.com/oauth/callback?code=1'],
    ['https://accounts.example.com/authorize', 'https://accounts.example.com/authorize'],
    ['http://localhost:80001/', 'http://localhost:80001/'],
    ['http://localhost:8000.evil.example.com/', 'http://localhost:8000.evil.example.com/'],
    ['//evil.example.com/', '//evil.example.com/'],
  ])('turns %s into %s [PROXY-1]', (location, expected) => {
    expect(publicLocation(location, map)).toBe(expected);
  });

  it('shows a connector only at its MCP path', () => {
    const own = { ...map, mcpPath: '/team/mcp', prefix: '/api/v1/proxy/c' };
    expect(publicLocation('/team/mcp/', own)).toBe('/api/v1/proxy/c/mcp/');
    expect(publicLocation('/team/mcp?a', own)).toBe('/api/v1/proxy/c/mcp?a');
  });

  it('finds the metadata address in a challenge', () => {
    const challenge =
      'Bearer error="invalid_token", resource_metadata="http://localhost:8000/.well-known/oauth-protected-resource", scope="a"';
    expect(publicChallenge(challenge, map)).toContain(
      'resource_metadata="https://p.example.com/api/v1/proxy/hosted/d/.well-known/oauth-protected-resource", scope="a"',
    );
    expect(publicChallenge('Basic realm="x"', map)).toBe('Basic realm="x"');
    expect(publicChallenge('Bearer resource_metadata="broken', map)).toBe('Bearer resource_metadata="broken');
  });
});

describe('publicEndpoint', () => {
  it.each([
    ['/messages?sessionId=1', '/api/v1/proxy/hosted/d/messages?sessionId=1'],
    ['messages/?s=1', '/api/v1/proxy/hosted/d/base/messages/?s=1'],
    ['?s=1', '/api/v1/proxy/hosted/d/base/sse?s=1'],
    ['http://localhost:8000/messages', '/api/v1/proxy/hosted/d/messages'],
    ['http://10.0.0.7:8000/messages', '/api/v1/proxy/hosted/d/messages'],
    ['/api/v1/proxy/hosted/d/messages?s=1', '/api/v1/proxy/hosted/d/messages?s=1'],
    ['https://p.example.com/api/v1/proxy/hosted/d/messages', '/api/v1/proxy/hosted/d/messages'],
    ['https://p.example.com/api/v1/api-keys', undefined],
    ['https://evil.example.com/messages', undefined],
    ['//evil.example.com/messages', undefined],
    ['javascript:alert(1)', undefined],
    ['http://[', undefined],
  ])('turns %s into %s [PROXY-1]', (endpoint, expected) => {
    expect(publicEndpoint(endpoint, '/base/sse', map)).toBe(expected);
  });
});

describe('cookies', () => {
  it.each([
    ['a=b', 'a=b; Path=/p/'],
    ['a=b; Path=/; HttpOnly', 'a=b; Path=/p/; HttpOnly'],
    ['a=b; path=/x; Secure', 'a=b; Path=/p/x; Secure'],
    ['a=b; Path=/p/x', 'a=b; Path=/p/x'],
    ['a=b; Path=/px', 'a=b; Path=/p/px'],
    ['a=b; Path=relative', 'a=b; Path=/p/'],
    ['a=b; Domain=example.com; Path=/; Path=/y', 'a=b; Path=/p/y'],
    ['runlayer_session=x', undefined],
    ['RUNLAYER_session=x; Path=/', undefined],
    ['__Host-runlayer=x', undefined],
    ['=runlayer_session=x', undefined],
    [' ==runlayer_session=x', undefined],
  ])('keeps %s as %s', (header, expected) => {
    expect(scopedCookie(header, 'runlayer', '/p')).toBe(expected);
  });

  it('takes the platform cookies out of a request', () => {
    expect(withoutPlatformCookies('a=1; runlayer=2; =runlayer=3; b=4', 'runlayer')).toBe('a=1; b=4');
    expect(withoutPlatformCookies('runlayer=2', 'runlayer')).toBeUndefined();
    expect(withoutPlatformCookies('a=1; b="x"', 'runlayer')).toBe('a=1; b="x"');
  });
});

describe('an answer from an upstream', () => {
  it('keeps its redirects below the public prefix and is never followed', async () => {
    const { headers, status } = await answerWith({ location: 'http://localhost:8000/mcp/' }, `${connector}/mcp`, 307);
    expect(status).toBe(307);
    expect(headers.location).toBe(`https://platform.example.com${connector}/mcp/`);
  });

  it.each([
    ['at another site', 'https://evil.example.com/mcp'],
    ['at another site without a scheme', '//evil.example.com/mcp'],
    ["at the platform's API", 'https://platform.example.com/api/v1/deployments/1'],
    ['at another deployment', 'https://platform.example.com/api/v1/proxy/hosted/1/mcp'],
    ["climbing to the platform's API", '../../../deployments/1'],
    ['climbing with encoded dots', '/%2e%2e/%2E./../deployments/1'],
    ['that cannot be read', 'https://[/'],
  ])('may not redirect a call that carries a key to a place %s [PROXY-2]', async (_name, location) => {
    const { headers, status, body } = await answerWith({ location }, `${hosted}/mcp`, 307);
    expect(status).toBe(502);
    expect(headers.location).toBeUndefined();
    expect(JSON.parse(body)).toMatchObject({ code: 'ERR_PROXY_REDIRECT' });
  });

  it.each(['mcp/', '?page=2', '/login', `https://platform.example.com${hosted}/x`])(
    'may redirect a call that carries a key within its own prefix: %s [PROXY-1]',
    async (location) => expect((await answerWith({ location }, `${hosted}/mcp`, 307)).status).toBe(307),
  );

  it.each([
    ['without a key', {}, 302],
    ['with a key', { 'x-runlayer-api-key': key }, 502],
    ["with an organization's key", { 'x-runlayer-api-key': 'rl_organization_key' }, 502],
  ])('to a call of an exposed path %s that redirects to another site is %i [PROXY-2]', async (_name, headers, status) => {
    const upstream = await listen((_req, res) => void res.writeHead(302, { location: 'https://accounts.example.com/' }).end());
    const { port } = await startProxy(upstream.port, { expose: ['/authorize'] });
    expect((await ask(port, `${hosted}/authorize`, { headers })).status).toBe(status);
  });

  it('cannot speak for the whole origin', async () => {
    const wide = {
      'Service-Worker-Allowed': '/',
      'Clear-Site-Data': '"*"',
      'Strict-Transport-Security': 'max-age=1',
      'Alt-Svc': 'h3=":1"',
      NEL: '{}',
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Allow-Credentials': 'true',
    };
    const { headers } = await answerWith(wide);
    expect(Object.keys(headers).filter((name) => Object.keys(wide).some((one) => one.toLowerCase() === name))).toEqual([]);
  });

  it('sets its cookies for its own prefix and none of the platform', async () => {
    const { headers } = await answerWith({ 'set-cookie': ['a=1; Path=/; Domain=example.com', 'runlayer_session=stolen'] });
    expect(headers['set-cookie']).toEqual([`a=1; Path=${hosted}/`]);
  });

  it.each([
    ['text/html; charset=utf-8', true],
    ['IMAGE/SVG+XML', true],
    ['application/xhtml+xml', true],
    ['', true],
    ['application/json', false],
    ['text/event-stream', false],
  ])('of type "%s" is put in a sandbox: %s', async (type, sandboxed) => {
    const { headers } = await answerWith(type === '' ? {} : { 'content-type': type, 'content-security-policy': "default-src 'none'" });
    expect(headers['content-security-policy']?.includes('sandbox allow-forms allow-scripts allow-popups') ?? false).toBe(sandboxed);
    expect(headers['content-security-policy']?.includes('allow-same-origin') ?? false).toBe(false);
  });

  it.each([
    [{ 'content-type': 'application/json', connection: 'content-type' }, 'application/json', undefined],
    [{ 'content-type': 'text/plain', 'x-content-type-options': 'none' }, 'text/plain', 'nosniff'],
    [{ 'content-type': '\u00a0application/json' }, '\u00a0application/json', undefined],
  ])('leaves no browser to guess at %j', async (sent, type, options) => {
    const { headers } = await answerWith(sent);
    expect(headers['content-type']).toBe(type);
    expect(headers['x-content-type-options']).toBe(options);
    expect('content-security-policy' in headers).toBe(type.startsWith('\u00a0'));
  });

  it.each(['application/json; a=b, text/html', ['application/json', 'text/html'], `a${'\t'.repeat(2_000)}b`])(
    'is refused with the type %j',
    async (type) => {
      expect((await answerWith({ 'content-type': type })).status).toBe(502);
    },
  );

  it('keeps its own request id, or gets one', async () => {
    expect((await answerWith({ 'X-Request-ID': 'theirs' })).headers['x-request-id']).toBe('theirs');
    expect((await answerWith({})).headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('loses what speaks of one connection only', async () => {
    const { headers } = await answerWith({
      connection: 'keep-alive, x-hop',
      'x-hop': '1',
      'keep-alive': 'timeout=99',
      'proxy-authenticate': 'Basic',
      'x-kept': 'caf\u00e9',
    });
    expect(headers).toMatchObject({ 'x-kept': 'caf\u00e9' });
    expect(headers).not.toHaveProperty('x-hop');
    expect(headers).not.toHaveProperty('proxy-authenticate');
    expect(headers['keep-alive'] ?? '').not.toContain('99');
  });
});
