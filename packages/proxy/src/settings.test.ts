import { expect, it } from 'vitest';
import { createProxy } from './index.ts';
import type { ProxyOptions } from './index.ts';

const options: ProxyOptions = {
  platformUrl: 'https://p.example.com',
  routes: { deployment: () => undefined, connector: () => undefined },
  authenticate: () => undefined,
};

it.each([
  ['a platform address with a path', { platformUrl: 'https://p.example.com/base' }],
  ['a platform address of another scheme', { platformUrl: 'ftp://p.example.com' }],
  ['a platform address with a password', { platformUrl: 'https://a:b@p.example.com' }],
  ['no address at all', { platformUrl: 'p.example.com' }],
  ['a negative limit', { limits: { connectTimeoutMs: -1 } }],
  ['a limit that is no number', { limits: { wholeBodyBytes: Number.NaN } }],
  ['credentials believed for too long', { limits: { authenticationTtlMs: 30_001 } }],
  ['no cookie prefix, which would claim every cookie', { cookiePrefix: '' }],
])('refuses %s', (_name, wrong) => {
  expect(() => createProxy({ ...options, ...wrong })).toThrow(expect.objectContaining({ code: 'ERR_PROXY_OPTIONS' }));
});

it('claims only what is below its prefix', () => {
  const proxy = createProxy(options);
  expect(
    ['/api/v1/proxy/hosted/x', '/api/v1/proxy/', '/api/v1/proxyx', '/api/v1/deployments', undefined].map((url) => proxy.matches(url)),
  ).toEqual([true, true, false, false, false]);
});
