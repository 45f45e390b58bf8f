// Settings as people give them: right, wrong, and all wrong at once.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allowsPrivateUpstreams, isLoopback, listenerUrl, platformUrl } from './addresses.ts';
import { createProxy } from '@runlayer/proxy';
import { limitsTable } from './limits-table.ts';
import { readSettings } from './read-settings.ts';
import { settingsHelp, settingsReference } from './reference.ts';
import { settingsOfText } from './settings-file.ts';
import { settingsTable } from './table.ts';

const key = Buffer.alloc(32, 7).toString('base64');
const file = (content: string) => {
  const path = join(mkdtempSync(join(tmpdir(), 'settings-')), 'runlayer.yaml');
  writeFileSync(path, content);
  return path;
};
const faultOf = (environment: Record<string, string>, config?: string) => {
  try {
    readSettings(environment, config);
  } catch (error) {
    return (error as Error).message;
  }
  return 'no fault';
};

describe('defaults', () => {
  it('listen on loopback, port 8080, in the folder of the user’s data', () => {
    expect(readSettings({ XDG_DATA_HOME: '/data' })).toMatchObject({
      port: 8080,
      listen: '127.0.0.1',
      dataDir: '/data/runlayer',
      logLevel: 'info',
      accessLog: true,
      drainMs: 10_000,
    });
    expect(readSettings({}).dataDir).toMatch(/\/\.local\/share\/runlayer$/);
  });

  it('take an empty variable for one that is not given', () => {
    expect(readSettings({ PORT: '', DATABASE_URL: '' })).toMatchObject({ port: 8080, databaseUrl: undefined });
  });
});

describe('a setting', () => {
  it.each([
    ['PORT', '0', { port: 0 }],
    ['RUNLAYER_URL', 'https://mcp.example.com/', { url: 'https://mcp.example.com' }],
    ['RUNLAYER_URL', 'https://example.com//', { url: 'https://example.com' }],
    ['RUNLAYER_WORKLOAD_URL', 'http://10.0.0.1:8080/base/', { workloadUrl: 'http://10.0.0.1:8080/base' }],
    ['RUNLAYER_TABLES_ENDPOINT', 'http://127.0.0.1:8000/', { tablesEndpoint: 'http://127.0.0.1:8000' }],
    ['DATABASE_URL', 'postgres://u:p@h/d', { databaseUrl: 'postgres://u:p@h/d' }],
    ['RUNLAYER_ADMIN_API_KEY', 'rl_user_test_key_0123456789', { adminApiKey: 'rl_user_test_key_0123456789' }],
    ['RUNLAYER_SEAL_KEY', `${key}, ${key}`, { sealKeys: [new Uint8Array(32).fill(7), new Uint8Array(32).fill(7)] }],
    ['RUNLAYER_PRIVATE_UPSTREAMS', 'deny', { privateUpstreams: 'deny' }],
    ['RUNLAYER_ALLOWED_HOSTS', 'a.example, ,b.example', { allowedHosts: ['a.example', 'b.example'] }],
    ['RUNLAYER_LOG_LEVEL', 'silent', { logLevel: 'silent' }],
    ['RUNLAYER_ACCESS_LOG', 'off', { accessLog: false }],
    ['RUNLAYER_MAX_HEADER_BYTES', '8192', { maxHeaderBytes: 8_192 }],
    ['RUNLAYER_MAX_CONNECTIONS', '0', { maxConnections: 0 }],
    ['RUNLAYER_DRAIN_MS', '0', { drainMs: 0 }],
    ['RUNLAYER_KEY_LEAD_SECONDS', '2', { keyLeadSeconds: 2 }],
    ['RUNLAYER_KEY_LEAD_SECONDS', '86400', { keyLeadSeconds: 86_400 }],
    ['RUNLAYER_KEY_ROTATION_DAYS', '0', { keyRotationDays: 0 }],
  ])('%s=%s is read', (name, value, settings) => {
    expect(readSettings({ [name]: value })).toMatchObject(settings);
  });

  it.each([
    ['PORT', '65536', 'must be a whole number from 0 to 65535 (found "65536")'],
    ['PORT', '8080x', 'must be a whole number'],
    ['PORT', '-1', 'must be a whole number'],
    ['RUNLAYER_URL', 'mcp.example.com', 'must be an http or https address'],
    ['RUNLAYER_URL', 'https://h/?q', 'must have no query'],
    ['RUNLAYER_URL', 'https://h/base', 'must have no path'],
    ['RUNLAYER_REGISTRY_REPOSITORY', 'https://registry/app', 'must be host[:port]/path without a scheme'],
    ['RUNLAYER_PRIVATE_UPSTREAMS', 'yes', 'must be one of allow, deny (found "yes")'],
    ['RUNLAYER_LOG_LEVEL', 'loud', 'must be one of debug, info, warn, error, silent'],
    ['RUNLAYER_ACCESS_LOG', 'yes', 'must be one of on, off (found "yes")'],
    ['RUNLAYER_MAX_HEADER_BYTES', '8191', 'must be a whole number from 8192 to 1048576'],
    ['RUNLAYER_CONNECT_TIMEOUT_MS', '0', 'must be a whole number from 1'],
    ['RUNLAYER_IDLE_TIMEOUT_MS', '2147483648', 'must be a whole number from 0 to 2147483647'],
    ['RUNLAYER_CONCURRENT_CALLS', '-1', 'must be a whole number'],
    ['RUNLAYER_KEY_LEAD_SECONDS', '1', 'must be a whole number from 2 to 86400 (found "1")'],
    ['RUNLAYER_KEY_LEAD_SECONDS', '86401', 'must be a whole number from 2 to 86400'],
    ['RUNLAYER_KEY_LEAD_SECONDS', '15m', 'must be a whole number'],
    ['RUNLAYER_KEY_ROTATION_DAYS', '3651', 'must be a whole number from 0 to 3650'],
  ])('%s=%s is refused', (name, value, fault) => {
    expect(faultOf({ [name]: value })).toContain(`${name}: ${fault}`);
  });

  it.each([
    ['DATABASE_URL', 'mysql://u:canary@h/d'],
    ['RUNLAYER_ADMIN_API_KEY', 'canary key'],
    ['RUNLAYER_SEAL_KEY', 'canary'],
  ])('%s is refused without being shown [SEC-1]', (name, value) => {
    const fault = faultOf({ [name]: value });
    expect(fault).toContain(`${name}: must be`);
    expect(fault).not.toContain('canary');
  });

  it('is named with all other faults at once', () => {
    const fault = faultOf({ PORT: 'x', RUNLAYER_URL: 'y', RUNLAYER_REGISTRY_URL: 'r' }, file('port: 1\nprot: 2\nurl: {a: b}\n'));
    expect(fault.match(/\n {2}/g)).toHaveLength(5);
    expect(fault).toContain('prot: is no setting; there are port,');
  });
});

describe('the limits of the proxy', () => {
  it.each([
    ['RUNLAYER_CONNECT_TIMEOUT_MS', 'connectTimeoutMs'],
    ['RUNLAYER_FIRST_BYTE_TIMEOUT_MS', 'firstByteTimeoutMs'],
    ['RUNLAYER_IDLE_TIMEOUT_MS', 'idleTimeoutMs'],
    ['RUNLAYER_KEEP_ALIVE_TIMEOUT_MS', 'keepAliveTimeoutMs'],
    ['RUNLAYER_STREAM_COMMENT_MS', 'streamCommentMs'],
    ['RUNLAYER_REQUEST_BODY_BYTES', 'requestBodyBytes'],
    ['RUNLAYER_CONCURRENT_CALLS', 'concurrentCalls'],
    ['RUNLAYER_TOTAL_CALLS', 'totalCalls'],
  ])('%s is its %s', (name, limit) => {
    expect(readSettings({ [name]: '123' }).proxyLimits).toMatchObject({ [limit]: 123 });
  });

  it('have defaults of its own', () => {
    expect(Object.values(readSettings({}).proxyLimits)).toEqual(Array.from({ length: 8 }, () => undefined));
  });

  it.each(Object.values(limitsTable))('$env may be as large as it says: a proxy can be made of it', ({ env, key, read }) => {
    expect(key).toBe(env.slice('RUNLAYER_'.length).toLowerCase());
    const most = [2_147_483_647, 3_600_000, 1_048_576, 64].find((value) => readable(read, String(value)));
    const { proxyLimits } = readSettings({ [env]: String(most) });
    const proxy = createProxy({
      routes: { deployment: () => undefined, connector: () => undefined },
      authenticate: () => undefined,
      platformUrl: 'http://127.0.0.1',
      limits: proxyLimits,
    });
    expect(proxy.matches('/')).toBe(false);
  });
});

function readable(read: (text: string) => unknown, text: string): boolean {
  try {
    read(text);
    return true;
  } catch {
    return false;
  }
}

describe('the settings file', () => {
  it.each([
    ['YAML', 'port: 9000\nallowed_hosts: [a, b]\n'],
    ['JSON', '{"port": "9000", "allowed_hosts": "a,b"}'],
  ])('may be %s', (_name, content) => {
    expect(readSettings({}, file(content))).toMatchObject({ port: 9000, allowedHosts: ['a', 'b'] });
  });

  it('is named by RUNLAYER_CONFIG, and gives way to the environment', () => {
    expect(readSettings({ RUNLAYER_CONFIG: file('port: 9000\nlisten: 0.0.0.0'), PORT: '9001' })).toMatchObject({
      port: 9001,
      listen: '0.0.0.0',
    });
  });

  it.each([
    ['missing', '/nowhere/settings.yaml', 'cannot be read: ENOENT'],
    ['broken', file('port: [1'), 'is not YAML'],
    ['a list', file('- 1'), 'must be a mapping'],
  ])('that is %s is a clear fault', (_name, path, fault) => {
    expect(faultOf({}, path)).toContain(fault);
  });

  it('quotes no secret of a broken file [SEC-1]', () => {
    expect(JSON.stringify(settingsOfText('admin_api_key: "canary-canary-canary\nport: 1', 'f').issues)).not.toContain('canary');
  });

  it('of any content is settings or faults, never a crash', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (content) => {
        const { values, issues } = settingsOfText(content, 'f');
        expect(values.size === 0 || issues.every((issue) => issue.path !== '')).toBe(true);
      }),
    );
  });

  it('does not follow an alias bomb', () => {
    const bomb = `a: &a [x,x]\n${Array.from('bcdefghij')
      .map((name, i) => `${name}: &${name} [${`*${'abcdefghij'[i]},`.repeat(9)}]`)
      .join('\n')}`;
    expect(faultOf({}, file(bomb))).toContain('uses aliases');
  });
});

describe('addresses', () => {
  it.each([
    ['http://127.0.0.1:8080', true],
    ['http://localhost', true],
    ['http://[::1]:1', true],
    ['http://127.9.9.9', true],
    ['http://a.localhost', true],
    ['https://mcp.example.com', false],
    ['http://192.168.1.5', false],
    ['http://127.0.0.1.example.com', false],
  ])('%s is loopback: %s', (url, loopback) => {
    expect(isLoopback(url)).toBe(loopback);
    expect(allowsPrivateUpstreams(readSettings({}), url)).toBe(loopback);
  });

  it('private upstreams are as set, where they are set', () => {
    expect(allowsPrivateUpstreams(readSettings({ RUNLAYER_PRIVATE_UPSTREAMS: 'allow' }), 'https://mcp.example.com')).toBe(true);
    expect(allowsPrivateUpstreams(readSettings({ RUNLAYER_PRIVATE_UPSTREAMS: 'deny' }), 'http://127.0.0.1')).toBe(false);
  });

  it.each(['0.0.0.0', '::', '10.0.0.1'])('private upstreams are refused where %s is listened on', (listen) => {
    expect(allowsPrivateUpstreams(readSettings({ RUNLAYER_LISTEN: listen }), 'http://127.0.0.1')).toBe(false);
  });

  it.each(['127.0.0.1', '::1', 'localhost'])('private upstreams are allowed where only %s is', (listen) => {
    expect(allowsPrivateUpstreams(readSettings({ RUNLAYER_LISTEN: listen }), 'http://127.0.0.1')).toBe(true);
  });

  it.each([
    ['0.0.0.0', 'http://127.0.0.1:80'],
    ['::', 'http://127.0.0.1:80'],
    ['::1', 'http://[::1]:80'],
    ['10.0.0.1', 'http://10.0.0.1:80'],
  ])('a listener on %s is opened at %s', (host, url) => {
    expect(listenerUrl(host, 80)).toBe(url);
    expect(platformUrl(readSettings({ RUNLAYER_LISTEN: host }), 80)).toBe(url);
  });
});

it('of any text is a value or ERR_SETTINGS', () => {
  const names = Object.values(settingsTable).map(({ env }) => env);
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.string({ unit: 'binary', maxLength: 60 }), (name, value) => {
      try {
        readSettings({ [name]: value });
      } catch (error) {
        expect(error).toMatchObject({ code: 'ERR_SETTINGS' });
      }
    }),
  );
});

it('documents every setting once, secrets marked', () => {
  for (const { env, secret } of Object.values(settingsTable) as { env: string; secret?: boolean }[]) {
    const rows = settingsReference()
      .split('\n')
      .filter((row) => row.startsWith(`| \`${env}\` |`));
    expect(rows).toHaveLength(1);
    expect(rows[0]?.includes('Secret.')).toBe(secret === true);
    expect(settingsHelp()).toContain(`  ${env}\n`);
  }
});
