// The pure part: which URLs ask for a discovery document, and where upstream it may be.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainPath, publicPathOf } from './request-target.ts';
import { isWellKnownTarget, readWellKnownTarget, wellKnownPaths } from './well-known.ts';

const id = '0123abcd-0123-4abc-8def-0123456789ab';
const hosted = `/api/v1/proxy/hosted/${id}`;
const connector = `/api/v1/proxy/${id}`;
const server = '/.well-known/oauth-authorization-server';
const resource = '/.well-known/oauth-protected-resource';

describe('isWellKnownTarget', () => {
  it.each([
    server + hosted,
    `/.well-known/openid-configuration${hosted}`,
    `${resource}${hosted}/mcp?a=1`,
    resource + connector,
    `${server}/api/v1/proxy/x`,
  ])('takes %s [PROXY-3]', (url) => expect(isWellKnownTarget(url)).toBe(true));

  it.each([
    '/.well-known/runlayer-identity-forward.jwks.json',
    server,
    `${server}/`,
    resource,
    '/.well-known/openid-configuration',
    `/.well-known/jwks.json${hosted}`,
    `/.well-known/o${hosted}`,
    `/.WELL-KNOWN/oauth-authorization-server${hosted}`,
    `/${server}${hosted}`,
    `${server}x${hosted}`,
    `${server}/${hosted}`,
    `http://evil.example.com${server}${hosted}`,
    hosted,
    '/',
    '',
  ])('leaves %s to the platform', (url) => expect(isWellKnownTarget(url)).toBe(false));
});

describe('readWellKnownTarget', () => {
  it.each([
    [server + hosted, 'hosted', hosted, server, ''],
    [`${server}${hosted}?a=/b`, 'hosted', hosted, server, '?a=/b'],
    [`${resource}${hosted}/mcp`, 'hosted', hosted, `${resource}/mcp`, ''],
    [`${resource}${connector}/mcp`, 'connector', connector, `${resource}/mcp`, ''],
  ])('reads %s [PROXY-3]', (url, kind, prefix, path, query) => {
    const target = readWellKnownTarget(url);
    expect(target).toMatchObject({ kind, id, prefix, path, query });
    expect(target === undefined ? '' : publicPathOf(target) + target.query).toBe(url);
  });

  it.each([
    `${server}/api/v1/proxy/hosted/`,
    `${server}${hosted}x`,
    `${server}${hosted.toUpperCase()}`,
    `${server}${hosted};a`,
    `${server}/api/v1/proxy/hosted%2f${id}`,
    hosted,
  ])('finds nothing in %s', (url) => expect(readWellKnownTarget(url)).toBeUndefined());
});

describe('wellKnownPaths', () => {
  function paths(url: string, expose: readonly string[], mcpPath = '/mcp'): string[] | undefined {
    const target = readWellKnownTarget(url);
    const plain = target === undefined ? undefined : plainPath(target.path);
    return target === undefined || plain === undefined ? undefined : wellKnownPaths(target, plain, { route: { expose }, mcpPath });
  }

  it.each<[string, string, readonly string[], string[]]>([
    [
      'everything in the order to ask',
      `${resource}${hosted}/mcp`,
      ['/.well-known/*'],
      [`${resource}${hosted}/mcp`, `${resource}/mcp`, resource],
    ],
    ['no path twice', server + hosted, ['/.well-known/*'], [server + hosted, server]],
    ['an exact entry alone', server + hosted, [server], [server]],
    ['an exact entry for what is below it', `${server}${hosted}/tenant`, [server], [server]],
    ['a prefix without its root', `${resource}${hosted}/mcp`, [`${resource}/*`], [`${resource}${hosted}/mcp`, `${resource}/mcp`]],
    ['the query on each', `${server}${hosted}?a=1`, ['/.well-known/*'], [`${server}${hosted}?a=1`, `${server}?a=1`]],
    [
      'the same for a connector',
      `${resource}${connector}/mcp`,
      ['/.well-known/*'],
      [`${resource}${connector}/mcp`, `${resource}/mcp`, resource],
    ],
    ['encoding as it was sent', `${server}${hosted}/%61`, [`${server}/a`], [`${server}/%61`]],
    ['nothing that is not exposed', server + hosted, [resource, '/authorize'], []],
    ['nothing without exposed routes', server + hosted, [], []],
  ])('gives %s [PROXY-2, PROXY-3]', (_name, url, expose, expected) => expect(paths(url, expose)).toEqual(expected));

  it('never asks at an MCP endpoint that lies below a well-known path [PROXY-2]', () => {
    expect(paths(`${server}${hosted}/mcp`, [`${server}/*`], `${server}/mcp`)).toEqual([]);
    expect(paths(`${server}${hosted}/mcp`, [server, `${server}/mcp`], `${server}/MCP/`)).toEqual([server]);
  });

  it.each(['/..', '/../mcp', '//mcp', '/%2e%2e/mcp', '/a%2f..%2fmcp', '/a;b', '/.', '/a\\b'])(
    'cannot be led elsewhere by %s [PROXY-2]',
    (rest) => {
      expect(paths(`${server}${hosted}${rest}`, ['/.well-known/*'])).toBeUndefined();
    },
  );

  it('asks at nothing but the document and what lies below it, whatever was sent [PROXY-2]', () => {
    const part = fc.constantFrom('/', '.', '..', '%2e', '%2f', 'mcp', '%6d', ';', '\\', '?', '#', 'x');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const asked = paths(`${server}${hosted}/${parts.join('')}`, ['/.well-known/*']) ?? [];
        return asked.every((path) => new URL(path, 'http://x').pathname.startsWith(server));
      }),
    );
  });
});
