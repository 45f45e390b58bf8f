// The server over HTTP as a browser and a client see it; the whole flow of the official clients is in the end-to-end tests.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from './app.ts';

const redirectUri = 'http://127.0.0.1:9/callback?kept=1';
const verifier = 'v'.repeat(43);

let server: Server;
let url: string;
let clientId: string;

beforeAll(async () => {
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  server.on('request', createApp({ port: 0, deploymentUrl: url, accessTokenSeconds: 60 }));
  const registration = { redirect_uris: [redirectUri], client_name: `<script>'a"&</script>`, token_endpoint_auth_method: 'none' };
  const registered = await fetch(`${url}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(registration),
  });
  clientId = ((await registered.json()) as { client_id: string }).client_id;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function authorize(changes: Record<string, string> = {}): Promise<Response> {
  const query = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    state: 's',
    ...changes,
  };
  return fetch(`${url}/authorize?${new URLSearchParams(query).toString()}`, { redirect: 'manual' });
}

async function answer(fields: Record<string, string>): Promise<Response> {
  const secret = /name="secret" value="([^"]+)"/.exec(await (await authorize()).text())?.[1] ?? '';
  return post('/consent', { secret, ...fields });
}

function post(path: string, fields: Record<string, string>): Promise<Response> {
  return fetch(url + path, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
}

function sentTo(response: Response): Record<string, string> {
  return Object.fromEntries(new URL(response.headers.get('location') ?? '').searchParams);
}

describe('the consent page', () => {
  it("shows a client's name as text, and cannot be framed or kept", async () => {
    const page = await authorize();
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(page.headers.get('cache-control')).toBe('no-store');
    const text = await page.text();
    expect(text).toContain('&#60;script&#62;&#39;a&#34;&#38;&#60;/script&#62;');
    expect(text).not.toContain('<script');
  });

  it('sends the browser back with a code, the state and the issuer', async () => {
    const sent = sentTo(await answer({ name: 'Ann', decision: 'allow' }));
    expect(sent).toEqual({ kept: '1', code: expect.any(String), state: 's', iss: url });
  });

  it.each([
    ['who denies', { name: 'Ann', decision: 'deny' }],
    ['without a name', { name: ' ', decision: 'allow' }],
  ])('sends somebody %s back without a code', async (_name, fields) => {
    expect(sentTo(await answer(fields))).toEqual({ kept: '1', error: 'access_denied', state: 's', iss: url });
  });

  it('takes no answer to a page that it did not show', async () => {
    expect((await post('/consent', { secret: 'guessed', name: 'Ann', decision: 'allow' })).status).toBe(400);
  });
});

describe('the authorization server', () => {
  it.each([
    ['another resource', { resource: 'https://evil.example/mcp' }, 'invalid_target'],
    ['an unknown scope', { scope: 'admin' }, 'invalid_scope'],
    ['no PKCE', { code_challenge_method: 'plain' }, 'invalid_request'],
  ])('refuses %s', async (_name, changes, error) => {
    expect(sentTo(await authorize(changes))).toMatchObject({ error });
  });

  it('never sends a browser to an address that was not registered', async () => {
    expect((await authorize({ redirect_uri: 'https://evil.example/' })).status).toBe(400);
  });

  it('gives tokens for the right verifier only, and takes them back', async () => {
    const { code = '' } = sentTo(await answer({ name: 'Ann', decision: 'allow' }));
    const grant = { grant_type: 'authorization_code', client_id: clientId, code, redirect_uri: redirectUri };
    expect((await post('/token', { ...grant, code_verifier: 'w'.repeat(43) })).status).toBe(400);
    const given = await post('/token', { ...grant, code_verifier: verifier });
    const { access_token: token } = (await given.json()) as { access_token: string };
    expect((await callMcp(token)).status).toBe(200);
    expect((await post('/revoke', { client_id: clientId, token })).status).toBe(200);
    expect((await callMcp(token)).status).toBe(401);
  });

  it('challenges a call without a token with the address of its metadata', async () => {
    const { headers } = await callMcp('');
    const address = /resource_metadata="([^"]+)"/.exec(headers.get('www-authenticate') ?? '')?.[1] ?? '';
    expect(await (await fetch(address)).json()).toMatchObject({ resource: `${url}/mcp`, authorization_servers: [url] });
  });
});

function callMcp(token: string): Promise<Response> {
  return fetch(`${url}/mcp`, {
    method: 'POST',
    headers: {
      ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'whoami', arguments: {} } }),
  });
}
