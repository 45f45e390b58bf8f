import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isExposed } from './exposed-path.ts';
import { isUuid, plainPath, readTarget } from './request-target.ts';

const id = '0123abcd-0123-4abc-8def-0123456789ab';

describe('readTarget', () => {
  it.each([
    [`/api/v1/proxy/hosted/${id}`, 'hosted', '', ''],
    [`/api/v1/proxy/hosted/${id}?a=1`, 'hosted', '', '?a=1'],
    [`/api/v1/proxy/hosted/${id}/a/b?x=/c?d`, 'hosted', '/a/b', '?x=/c?d'],
    [`/api/v1/proxy/${id}/mcp`, 'connector', '/mcp', ''],
  ])('reads %s [PROXY-1]', (url, kind, path, query) => {
    expect(readTarget(url)).toMatchObject({ kind, id, path, query });
  });

  it.each([
    '/api/v1/proxy/hosted/',
    `/api/v1/proxy/hosted/${id}x`,
    `/api/v1/proxy/hosted/${id.toUpperCase()}/mcp`,
    `/api/v1/proxy/hosted/${id.slice(1)}/mcp`,
    `/api/v1/proxy//${id}/mcp`,
    `/api/v1/proxy/hosted/${id};x/mcp`,
    `//api/v1/proxy/hosted/${id}/mcp`,
    `http://evil.example.com/api/v1/proxy/hosted/${id}/mcp`,
    '/api/v1/deployments',
  ])('finds nothing in %s [PROXY-2]', (url) => {
    expect(readTarget(url)).toBeUndefined();
  });

  it('takes what a UUID is in lower case, and nothing else', () => {
    fc.assert(fc.property(fc.uuid(), (uuid) => isUuid(uuid) && !isUuid(` ${uuid.slice(1)}`)));
    fc.assert(
      fc.property(
        fc.string({ minLength: 36, maxLength: 36 }),
        (text) => isUuid(text) === /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(text),
      ),
    );
  });
});

describe('plainPath', () => {
  it.each([
    ['', ''],
    ['/', '/'],
    ['/open', '/open'],
    ['/open/', '/open/'],
    ['/.well-known/x', '/.well-known/x'],
    ['/...', '/...'],
    ['/%6fpen', '/open'],
    ['/a%20b', '/a b'],
    ['/%C3%A9', '/Ã©'],
    ['/100%25', '/100%'],
  ])('reads %s as %s', (path, plain) => {
    expect(plainPath(path)).toBe(plain);
  });

  it.each([
    '//',
    '//authorize',
    '/a//b',
    '/a//',
    '/.',
    '/..',
    '/open/../health',
    '/open/./x',
    '/open/..',
    '/a;x',
    '/a\\b',
    '/a#b',
    '/\u00e9',
  ])('refuses %s [PROXY-2]', (path) => {
    expect(plainPath(path)).toBeUndefined();
  });

  it.each([
    '/authorize/..%2fmcp',
    '/%2e%2e/mcp',
    '/%2E/x',
    '/a%2Fb',
    '/a%5cb',
    '/a%3bx',
    '/a%00',
    '/a%0d%0a',
    '/a%7f',
    '/%252e%252e/x',
    '/a%252fb',
    '/a%',
    '/a%zz',
    '/a%4',
  ])('refuses %s [PROXY-2]', (path) => {
    expect(plainPath(path)).toBeUndefined();
  });
});

describe('isExposed', () => {
  it.each([
    ['/open', true],
    ['/opened', false],
    ['/OPEN', false],
    ['/open/', false],
    ['/open.', false],
    ['/oauth/token', true],
    ['/oauth/a/b', true],
    ['/oauth', false],
    ['/oauth/', false],
    ['/oauthx', false],
    ['/mcp', false],
    ['/mcp/', false],
    ['/', false],
    ['', false],
  ])('says of %s: %s [PROXY-2]', (path, expected) => {
    expect(isExposed(path, ['/open', '/oauth/*', '/mcp', '/mcp/', '/'], '/mcp')).toBe(expected);
  });

  it.each<[string, string[], string]>([
    ['/mcp', ['/mcp'], '/mcp'],
    ['/mcp', ['/mcp/'], '/mcp'],
    ['/mcp/', ['/mcp/'], '/mcp'],
    ['/MCP', ['/MCP'], '/mcp'],
    ['/Mcp/', ['/Mcp/'], '/mcp'],
    ['/mcp', ['/mcp'], '/mcp/'],
    ['/mcp', ['/mcp'], '/MCP'],
    ['/mcp/x', ['/mcp/*'], '/mcp'],
    ['/mcp/', ['/mcp/*'], '/mcp'],
    ['/api/mcp', ['/api/*'], '/api/mcp'],
    ['/api/MCP', ['/api/*'], '/api/mcp'],
    ['/API/mcp', ['/API/*'], '/api/mcp'],
    ['/api/other', ['/api/*'], '/api/mcp'],
    ['/mcp', ['/*'], '/mcp'],
    ['/anything', ['/*'], '/mcp'],
    ['/', ['/', '/*'], '/'],
  ])('never opens the MCP endpoint: %s with %j beside %s [PROXY-2, CFG-3]', (path, expose, mcpPath) => {
    expect(isExposed(path, expose, mcpPath)).toBe(false);
  });

  it.each<[string, string[], string]>([
    ['/mcp-docs', ['/mcp-docs'], '/mcp'],
    ['/api/oauth/token', ['/api/oauth/*'], '/api'],
    ['/authorize', ['/authorize'], '/'],
    ['/authorize', ['/mcp/*', '/authorize'], '/mcp'],
    ['/.well-known/x', ['/*', '/.well-known/*'], '/mcp'],
  ])('opens what only resembles it: %s with %j beside %s', (path, expose, mcpPath) => {
    expect(isExposed(path, expose, mcpPath)).toBe(true);
  });

  it('lets no spelling of another path through: what any server may resolve to is what was compared [PROXY-2]', () => {
    const part = fc.constantFrom(
      '/',
      '//',
      '.',
      '..',
      '%2e',
      '%2f',
      '%5c',
      '\\',
      ';x',
      'open',
      'OPEN',
      'mcp',
      'health',
      '%00',
      '%25',
      '2e',
      '%6f',
      'pen',
      'é',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const path = `/${parts.join('')}`;
        const plain = plainPath(path);
        if (plain === undefined || !isExposed(plain, ['/open'], '/mcp')) return true;
        // However often a server decodes and however it resolves dots and slashes, it must end at /open.
        return resolved(path) === '/open' && resolved(decodeURIComponent(decodeURIComponent(path))) === '/open';
      }),
      { numRuns: 5_000 },
    );
  });
});

function resolved(path: string): string {
  return decodeURIComponent(
    new URL(
      path
        .replaceAll('\\', '/')
        .replace(/;[^/]*/g, '')
        .replace(/\/{2,}/g, '/'),
      'http://x',
    ).pathname,
  );
}
