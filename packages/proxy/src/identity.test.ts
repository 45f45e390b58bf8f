// What an upstream is told of the caller, and that nobody but the platform can tell it.
import fc from 'fast-check';
import { RunlayerError } from '@runlayer/errors';
import { decodeHeaderValue } from '@runlayer/identity-forward/headers';
import { afterEach, describe, expect, it } from 'vitest';
import { ada, ask, closeAll, connector, echo, helper, hosted, key, listen, raw, rawGet, seen, serverId, startProxy } from '../test/rig.ts';
import type { Answer, Rig } from '../test/rig.ts';

afterEach(closeAll);

async function forwarding(headers: boolean, token: boolean, options = {}): Promise<Rig> {
  return startProxy((await listen(echo)).port, { forward: { headers, token } }, options);
}

function identityOf(answer: Answer): Record<string, string> {
  return Object.fromEntries(seen(answer).headers.filter(([name]) => name.startsWith('X-Runlayer-')));
}

const adaHeaders = {
  'X-Runlayer-Subject-Type': 'user',
  'X-Runlayer-Org-Id': ada.organizationId,
  'X-Runlayer-User-Email': ada.userEmail,
  'X-Runlayer-User-Id': ada.userId,
};
const adaToken = { 'X-Runlayer-Identity-Token': `token-of-user-for-${serverId}` };

describe('the two toggles', () => {
  it.each([
    [false, false, {}],
    [true, false, adaHeaders],
    [false, true, adaToken],
    [true, true, { ...adaHeaders, ...adaToken }],
  ])('headers %s, token %s: the upstream sees exactly that [ID-1, ID-2]', async (headers, token, expected) => {
    const { port } = await forwarding(headers, token);
    expect(identityOf(await ask(port, `${hosted}/mcp`))).toEqual(expected);
    expect(identityOf(await ask(port, `${connector}/mcp`))).toEqual(expected);
  });

  it('takes effect with the next call [ID-1]', async () => {
    const { port, set } = await forwarding(false, false);
    await ask(port, `${hosted}/mcp`);
    set({ forward: { headers: true, token: false } });
    expect(identityOf(await ask(port, `${hosted}/mcp`))).toEqual(adaHeaders);
  });

  it('sends a name of any script in a form that comes back whole [ID-2]', async () => {
    const { port } = await forwarding(true, false);
    const identity = identityOf(await ask(port, `${hosted}/mcp`, { headers: { 'x-runlayer-api-key': 'rl_agent_key' } }));
    expect(identity['X-Runlayer-Subject-Type']).toBe('agent');
    expect(decodeHeaderValue(identity['X-Runlayer-Agent-Name'] ?? '')).toBe(helper.agentName);
  });

  it('gets another token when it is sent again, since a token serves one request [ID-3]', async () => {
    const tokens: unknown[] = [];
    const upstream = await listen((req, res) => {
      tokens.push(req.headers['x-runlayer-identity-token']);
      if (tokens.length === 1) res.socket?.destroy();
      else res.end();
    });
    let signed = 0;
    const sign = (): string => `token-${(signed += 1)}`;
    const { port } = await startProxy(upstream.port, { forward: { headers: false, token: true } }, { sign });
    expect((await ask(port, `${hosted}/x`)).status).toBe(200);
    expect(tokens).toEqual(['token-1', 'token-2']);
  });

  it('answers 500 when the token cannot be made, and sends nothing on', async () => {
    const sign = () => Promise.reject(new Error('secret of the key'));
    const { port } = await forwarding(false, true, { sign });
    const answer = await ask(port, `${hosted}/mcp`, { method: 'POST', body: '{}' });
    expect(answer.status).toBe(500);
    expect(answer.body).toContain('ERR_PROXY_SIGN');
    expect(answer.body).not.toContain('secret of the key');
  });
});

it('passes on what a signer says that has no key it may use now [ID-4]', async () => {
  const sign = () => {
    throw new RunlayerError('ERR_KEYS_OLD', 'Old keys', 503, 'The keys are too old to sign with.');
  };
  const { port } = await forwarding(true, true, { sign });
  const answer = await ask(port, `${hosted}/mcp`, { method: 'POST', body: '{}' });
  expect([answer.status, answer.body]).toEqual([503, expect.stringContaining('ERR_KEYS_OLD')]);
});

describe('reserved headers of a caller', () => {
  const names = [
    'X-Runlayer-User-Email',
    'x-runlayer-user-email',
    'X_Runlayer_User_Email',
    'x_runlayer-user_email',
    'X.Runlayer.User.Email',
    'X-RUNLAYER-ANYTHING',
    'x-runlayer-',
    'X-Runlayer-Identity-Token',
    'X-Runlayer-Origin',
    'x~runlayer!user',
  ];
  it.each(names)('%s never arrives, toggles on or off [ID-2]', async (name) => {
    for (const on of [false, true]) {
      const { port } = await forwarding(on, on);
      const lines = [`x-runlayer-api-key: ${key}`, `${name}: spoofed`, `${name}: spoofed too`];
      const text = await rawGet(port, `${hosted}/mcp?X-Runlayer-User-Email=query`, lines);
      expect(text).toMatch(/^HTTP\/1\.1 200 /);
      expect(text).not.toContain('spoofed');
    }
  });

  it('cannot be reached by naming them in Connection [ID-2]', async () => {
    const { port } = await forwarding(true, true);
    const headers = {
      'x-runlayer-api-key': key,
      connection: 'close, X-Runlayer-Identity-Token, X-Runlayer-Subject-Type, Host, X-Forwarded-For, X-Custom',
      'x-custom': 'gone',
    };
    const answer = await ask(port, `${hosted}/mcp`, { headers });
    expect(identityOf(answer)).toEqual({ ...adaHeaders, ...adaToken });
    const names = seen(answer).headers.map(([name]) => name.toLowerCase());
    expect(names).toEqual(expect.arrayContaining(['host', 'x-forwarded-for']));
    expect(names).not.toContain('x-custom');
  });

  it('do not arrive as trailers [ID-2]', async () => {
    const { port } = await forwarding(false, false);
    const head = `POST ${hosted}/mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nx-runlayer-api-key: ${key}\r\nTransfer-Encoding: chunked\r\nTrailer: X-Runlayer-User-Id\r\nConnection: close\r\n\r\n`;
    const text = await raw(port, `${head}5\r\nhello\r\n0\r\nX-Runlayer-User-Id: spoofed\r\n\r\n`);
    expect(text).toContain('hello');
    expect(text).not.toContain('spoofed');
  });

  it('never arrive in any spelling that a server may fold into one of ours [ID-2]', async () => {
    const { port } = await forwarding(false, false);
    const mark = fc.constantFrom('-', '_', '.', '~', '!', '#', '$', '%', '&', "'", '*', '+', '^', '`', '|');
    const cased = (word: string) => fc.mixedCase(fc.constant(word));
    const suffix = fc.constantFrom('user-id', 'user_email', 'Identity.Token', 'org-id', 'zzz');
    const name = fc.tuple(cased('x'), mark, cased('runlayer'), mark, suffix).map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(fc.array(name, { minLength: 1, maxLength: 12 }), async (spoofed) => {
        const text = await rawGet(port, `${hosted}/mcp`, [`x-runlayer-api-key: ${key}`, ...spoofed.map((one) => `${one}: spoofed`)]);
        return text.startsWith('HTTP/1.1 200') && !text.includes('spoofed');
      }),
      { numRuns: 100 },
    );
  });
});

describe('what else an upstream gets', () => {
  it('is told its own Host and the public address, whatever the caller claims [PROXY-1]', async () => {
    const { port } = await forwarding(false, false);
    const lies = {
      'x-forwarded-for': '6.6.6.6',
      'X-Forwarded-Proto': 'gopher',
      x_forwarded_host: 'evil',
      forwarded: 'for=6.6.6.6',
      'x-real-ip': '6.6.6.6',
      'x-forwarded-user': 'root',
    };
    const { headers } = seen(await ask(port, `${hosted}/mcp`, { headers: { 'x-runlayer-api-key': key, ...lies } }));
    expect(headers.filter(([name]) => /forwarded|real-ip|^host$/i.test(name))).toEqual([
      ['Host', 'localhost:8000'],
      ['X-Forwarded-For', '127.0.0.1'],
      ['X-Forwarded-Proto', 'https'],
      ['X-Forwarded-Host', 'platform.example.com'],
      ['X-Forwarded-Prefix', hosted],
    ]);
  });

  it('gets everything of MCP and every custom header as it came [PROXY-1]', async () => {
    const { port } = await forwarding(false, false);
    const mcp: Record<string, string> = {
      'Mcp-Session-Id': 's-1',
      'MCP-Protocol-Version': '2026-07-28',
      'Mcp-Method': 'tools/call',
      'Mcp-Name': '=?base64?5Y+R?=',
      'Mcp-Param-x': '1',
      'Last-Event-ID': '7',
      Accept: 'application/json, text/event-stream',
      'X-Custom': 'caf\u00e9',
      'Content-Type': 'application/json',
      x_custom_too: 'kept',
    };
    const answer = await ask(port, `${hosted}/mcp?q=%2F..%2F;a`, {
      method: 'POST',
      body: '{"a":1}',
      headers: { 'x-runlayer-api-key': key, ...mcp },
    });
    expect(seen(answer)).toMatchObject({ method: 'POST', url: '/mcp?q=%2F..%2F;a', body: '{"a":1}' });
    expect(seen(answer).headers).toEqual(expect.arrayContaining(Object.entries(mcp)));
  });
});
