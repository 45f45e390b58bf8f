// OAuth of a server that lives behind its deployment URL, with unmodified clients: every address they ask is the platform's.
import { ensureBaseImage } from '@runlayer/local-docker';
import { buildExample, inRepository, pythonEnvironment, run, startPlatform, waitFor, type Platform } from '@runlayer/local-platform';
import { describeWith, dockerMissing } from '@runlayer/test-services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDeployment, destroy, docker, ended, release, type Seen } from './deployments.ts';
import { echoImage } from './images.ts';
import { logIns, type LoggedIn } from './oauth-person.ts';
import { createWorkspace, echoConfig, type Workspace } from './workspace.ts';

const server = '/.well-known/oauth-authorization-server';
const openid = '/.well-known/openid-configuration';
const resource = '/.well-known/oauth-protected-resource';

const generations = [
  ['1.x', await pythonEnvironment('tests/python/published-client.txt')],
  ['2.x', await pythonEnvironment('tests/python/requirements.txt')],
] as const;

describeWith(await dockerMissing(), "a server's own OAuth behind its deployment URL", () => {
  let platform: Platform;
  let workspace: Workspace;
  let prefix: string;
  let mcp: string;
  let key: Record<string, string>;

  beforeAll(async () => {
    await ensureBaseImage(docker, 'node:24-slim');
    await buildExample('oauth-mcp');
    platform = await startPlatform();
    key = { 'x-runlayer-api-key': platform.adminKey };
    workspace = await createWorkspace(platform, 'examples/oauth-mcp');
    const deployed = await workspace.runlayer(['deploy', '--json'], { env: { ACCESS_TOKEN_SECONDS: '4' } });
    expect(deployed, deployed.stderr + deployed.stdout).toMatchObject({ code: 0 });
    // The routes of the example are those that `service.expose` is for.
    expect(deployed.stdout + deployed.stderr).not.toContain('warning');
    prefix = /\/api\/v1\/proxy\/hosted\/[0-9a-f-]{36}/.exec(deployed.stdout)?.[0] ?? '';
    mcp = `${platform.url}${prefix}/mcp`;
  });

  afterAll(async () => {
    await workspace.runlayer(['deploy', 'destroy', '--yes', '--delete-all']);
    await platform.stop();
    await workspace.remove();
  });

  function callMcp(headers: Record<string, string>): Promise<Response> {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
    const accept = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
    return fetch(mcp, { method: 'POST', headers: { ...accept, ...headers }, body });
  }

  async function expired(token: string): Promise<void> {
    await waitFor('the end of the access token', async () => {
      const { status, body } = await callMcp({ ...key, authorization: `Bearer ${token}` });
      await body?.cancel();
      return status === 401 ? true : undefined;
    });
  }

  describe.each(logIns)('%s', (name, logIn) => {
    let loggedIn: LoggedIn;

    it('finds the server, registers, is allowed with PKCE, gets a token and calls [PROXY-3]', async () => {
      loggedIn = await logIn(mcp, key, `Ann of ${name}`);
      const { remembered } = loggedIn;
      expect(remembered.opened?.href).toContain(`${platform.url}${prefix}/authorize?`);
      expect(Object.fromEntries(remembered.opened?.searchParams ?? [])).toMatchObject({ code_challenge_method: 'S256', resource: mcp });
      expect(remembered.tokens?.issuer).toBe(platform.url + prefix);
      expect(await loggedIn.whoami()).toEqual({ name: `Ann of ${name}`, client: remembered.client?.client_id, scopes: ['profile'] });
    });

    it('refreshes a token that has expired, and calls on [PROXY-3]', async () => {
      const before = loggedIn.remembered.tokens;
      await expired(before?.access_token ?? '');
      expect(await loggedIn.whoami()).toMatchObject({ name: `Ann of ${name}` });
      expect(loggedIn.remembered.tokens?.access_token).not.toBe(before?.access_token);
      expect(loggedIn.remembered.tokens?.refresh_token).not.toBe(before?.refresh_token);
      await loggedIn.close();
    });

    it('is refused by the platform, not by the server, without a key of the platform [PROXY-2, PROXY-3]', async () => {
      await expect(logIn(mcp, {}, 'Eve')).rejects.toThrow();
      const own = loggedIn.remembered.tokens?.access_token ?? '';
      const answer = await callMcp({ authorization: `Bearer ${own}` });
      expect([answer.status, answer.headers.get('x-runlayer-origin')]).toEqual([401, 'platform']);
    });
  });

  it.concurrent.for(generations)('Python mcp %s does the same [PROXY-3]', async ([, environment], { skip }) => {
    if (typeof environment === 'string') return skip(environment);
    const client = inRepository('tests/fixtures/oauth/client.py');
    const { code, stdout, stderr } = await run(environment.python, [client, mcp, platform.adminKey, 'Bob']);
    expect(code, stderr).toBe(0);
    const bob = { name: 'Bob', client: expect.any(String), scopes: ['profile'] };
    expect(JSON.parse(stdout)).toEqual({ calls: [bob, bob], refreshed: true });
  });

  it.each([
    ['no token', {}],
    ['a wrong token', { authorization: 'Bearer wrong' }],
    ['a wrong scheme', { authorization: 'Basic eDp4' }],
  ])('a call with %s gets the challenge of the server as it is [PROXY-3]', async (_name, headers) => {
    const answer = await callMcp({ ...key, ...headers });
    expect([answer.status, answer.headers.get('x-runlayer-origin')]).toEqual([401, null]);
    expect(answer.headers.get('www-authenticate')).toMatch(
      /^Bearer error="invalid_token", error_description="[^"]+", scope="profile", resource_metadata="[^"]+"$/,
    );
    expect(answer.headers.get('www-authenticate')).toContain(`resource_metadata="${platform.url}${resource}${prefix}/mcp"`);
  });

  it('serves its documents where clients look, without a key and as the server wrote them [PROXY-3]', async () => {
    const issuer = platform.url + prefix;
    const atRoot = await fetch(platform.url + server + prefix);
    const below = await fetch(issuer + server);
    const text = await atRoot.text();
    expect(text).toBe(await below.text());
    expect(JSON.parse(text)).toMatchObject({ issuer, token_endpoint: `${issuer}/token`, registration_endpoint: `${issuer}/register` });
    expect([atRoot.headers.get('cache-control'), atRoot.headers.get('x-runlayer-origin')]).toEqual([null, null]);
    expect(await (await fetch(`${platform.url}${resource}${prefix}/mcp`)).json()).toMatchObject({
      resource: mcp,
      authorization_servers: [issuer],
    });
  });

  it.each([
    ['a document that is not exposed', 'GET', () => openid + prefix, 404],
    ['a document of no deployment', 'GET', () => `${server}/api/v1/proxy/hosted/99999999-9999-4999-8999-999999999999`, 404],
    ['a document of nothing', 'GET', () => `${server}/api/v1/proxy/hosted/x`, 404],
    ['a document to be written', 'POST', () => server + prefix, 405],
    ['a way out of a document', 'GET', () => `${resource}${prefix}/..%2f..%2fmcp`, 400],
    ['a route that is not exposed', 'GET', () => `${prefix}/consent/x`, 401],
    ['an exposed route in capitals', 'GET', () => `${prefix}/AUTHORIZE`, 401],
    ['the MCP endpoint', 'GET', () => `${prefix}/mcp`, 401],
  ])('answers %s (%s) itself [PROXY-2]', async (_name, method, path, status) => {
    const answer = await fetch(platform.url + path(), { method });
    expect([answer.status, answer.headers.get('x-runlayer-origin')]).toEqual([status, 'platform']);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
  });

  it("keeps the platform's own documents its own", async () => {
    const keys = await fetch(`${platform.url}/.well-known/runlayer-identity-forward.jwks.json`);
    expect(await keys.json()).toHaveProperty('keys');
    expect((await fetch(platform.url + server)).status).toBe(404);
  });

  it('shows the consent page in a sandbox that lets its form be sent [PROXY-3]', async () => {
    const registration = { redirect_uris: ['http://127.0.0.1:9/callback'], token_endpoint_auth_method: 'none' };
    const registered = await fetch(`${platform.url}${prefix}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(registration),
    });
    const { client_id: clientId } = (await registered.json()) as { client_id: string };
    const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
    const query = { response_type: 'code', client_id: clientId, code_challenge: challenge, code_challenge_method: 'S256' };
    const page = await fetch(`${platform.url}${prefix}/authorize?${new URLSearchParams(query).toString()}`);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.headers.get('content-security-policy')).toMatch(
      /frame-ancestors 'none'.*, sandbox allow-forms allow-scripts allow-popups$/,
    );
    expect(page.headers.get('content-security-policy')).not.toContain('allow-same-origin');
    expect(await page.text()).toContain('<form method="post" action="consent">');
  });

  describe('a server that shows what it was sent', () => {
    let id: string;
    let connector: string;

    beforeAll(async () => {
      const image = await echoImage('runlayer-test-echo:oauth');
      id = await createDeployment(platform, 'shows');
      const expose = ['/.well-known/*', '/token'].map((route) => `    - ${route}\n`).join('');
      await release(platform, id, echoConfig('shows', {}, `  path: /mcp\n  expose:\n${expose}`), image);
      expect((await ended(platform, id)).status).toBe('succeeded');
      const made = { name: 'shows', deployment_id: id, transport: 'streaming-http' };
      connector = (await platform.api<{ id: string }>('POST', '/servers', made)).id;
      await platform.api('PATCH', `/servers/${connector}`, { identity_forward: { headers: true, token: true } });
    });

    afterAll(() => destroy(platform, id));

    async function seen(path: string, init: RequestInit = {}): Promise<Pick<Seen, 'method' | 'url'> & { headers: [string, string][] }> {
      const { method, url, rawHeaders } = (await (await fetch(platform.url + path, init)).json()) as Seen;
      return { method, url, headers: rawHeaders.flatMap((name, index) => (index % 2 ? [] : [[name, rawHeaders[index + 1] ?? '']])) };
    }

    it.each([
      ['the authorization server', () => `${server}/api/v1/proxy/hosted/${id}`],
      ['OpenID', () => `${openid}/api/v1/proxy/hosted/${id}`],
      ['the protected resource', () => `${resource}/api/v1/proxy/hosted/${id}/mcp`],
      ['the protected resource of a connector', () => `${resource}/api/v1/proxy/${connector}/mcp`],
      ['a document below the deployment URL', () => `/api/v1/proxy/hosted/${id}${openid}`],
      ['the token endpoint', () => `/api/v1/proxy/hosted/${id}/token`],
    ])('knows of an anonymous caller of %s only that, and the organization [PROXY-3, PROXY-4]', async (_name, path) => {
      const { url, headers } = await seen(path());
      expect(url).toBe(path().replace(/^\/api\/v1\/proxy\/hosted\/[0-9a-f-]{36}/, ''));
      expect(headers.filter(([name]) => /^x-runlayer/i.test(name))).toEqual([
        ['X-Runlayer-Subject-Type', 'anonymous'],
        ['X-Runlayer-Org-Id', expect.stringMatching(/^[0-9a-f-]{36}$/)],
      ]);
    });

    it('gets its own token untouched beside a key of the platform, which it never sees [PROXY-3]', async () => {
      const token = 'Bearer eyJ.own-token_of~the/server+==';
      const { headers } = await seen(`/api/v1/proxy/hosted/${id}/mcp`, { headers: { ...key, authorization: token } });
      expect(headers).toContainEqual(['authorization', token]);
      expect(headers).toContainEqual(['X-Runlayer-Subject-Type', 'user']);
      expect(JSON.stringify(headers)).not.toContain(platform.adminKey);
    });
  });
});
