// `runlayer-server keys` on a Postgres that two servers share, one of them with workers: what is done by command shows in both.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WireSigningKey } from '@runlayer/api';
import { createVerifier } from '@runlayer/identity-forward/verify';
import { describeWith, postgresMissing, temporaryPostgres, type TemporaryPostgres } from '@runlayer/test-services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { start, stopAll } from '../testing/program.ts';

const adminKey = 'rl_user_keys_test_0123456789';
const setPath = '/.well-known/runlayer-identity-forward.jwks.json';

describeWith(postgresMissing(), 'keys on a Postgres that two servers share', () => {
  const folder = mkdtempSync(join(tmpdir(), 'runlayer-keys-'));
  let postgres: TemporaryPostgres;
  let place: Record<string, string>;
  let urls: string[];
  let upstream: Server;
  let connector: string;
  const seen: IncomingHttpHeaders[] = [];

  beforeAll(async () => {
    postgres = await temporaryPostgres();
    place = {
      DATABASE_URL: await postgres.fresh(),
      RUNLAYER_SEAL_KEY: randomBytes(32).toString('base64'),
      RUNLAYER_KEY_LEAD_SECONDS: '4',
      RUNLAYER_LOG_LEVEL: 'error',
    };
    urls = [await serving('one', '1'), await serving('two', '2')];
    upstream = createServer((request, response) => {
      seen.push(request.headers);
      response.end('{}');
    }).listen(0, '127.0.0.1');
    await once(upstream, 'listening');
    const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/mcp`;
    const made = await fetch(`${urls[0]}/api/v1/servers`, {
      method: 'POST',
      headers: { 'x-runlayer-api-key': adminKey, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'checks', url, identity_forward: { token: true } }),
    });
    connector = ((await made.json()) as { id: string }).id;
  });
  afterAll(async () => {
    stopAll();
    upstream.close();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function serving(name: string, workers: string): Promise<string> {
    const own = { PORT: '0', RUNLAYER_DATA_DIR: join(folder, name), RUNLAYER_ADMIN_API_KEY: adminKey, RUNLAYER_WORKERS: workers };
    return /ready at (\S+)/.exec(await start({ ...place, ...own }).printed(/ready at \S+\n/))?.[1] ?? '';
  }
  // No data folder and no API key: the database and the sealing key are all it needs.
  const keys = (...args: string[]) => start({ ...place, RUNLAYER_DATA_DIR: join(folder, 'none') }, 'keys', ...args).ended;
  const kidOf = async (state: string) => {
    const { stdout } = await keys('list', '--json');
    return (JSON.parse(stdout) as { data: WireSigningKey[] }).data.find((key) => key.state === state)?.kid ?? 'none';
  };
  const published = async (url: string) =>
    ((await (await fetch(url + setPath)).json()) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);

  /** Kids of the tokens that calls through a server carry, each on a connection of its own, so that every worker gets some. */
  async function signing(url: string): Promise<string[]> {
    seen.length = 0;
    const verifier = createVerifier({ issuer: url, serverId: connector, jwksUrl: url + setPath });
    const statuses = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const headers = { 'x-runlayer-api-key': adminKey, connection: 'close' };
        return (await fetch(`${url}/api/v1/proxy/${connector}/mcp`, { method: 'POST', headers, body: '{}' })).status;
      }),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
    const kids = await Promise.all(
      seen.map(async (headers) => {
        await verifier.verifyRequest(headers);
        const [head = ''] = String(headers['x-runlayer-identity-token']).split('.');
        return (JSON.parse(Buffer.from(head, 'base64url').toString()) as { kid: string }).kid;
      }),
    );
    return [...new Set(kids)];
  }
  const everyOneSignsWith = async (kid: string) => {
    for (const url of urls) await expect.poll(() => signing(url), { timeout: 10_000 }).toEqual([kid]);
  };

  it('rotates in both, workers too, when the command waits [ID-4]', async () => {
    const next = await kidOf('next');
    for (const url of urls) expect(await published(url)).toContain(next);
    const { code, stdout } = await keys('rotate', '--wait', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ done: true, kid: next });
    await everyOneSignsWith(next);
    const sets = await Promise.all(urls.map(published));
    expect(sets[0]).toEqual(sets[1]);
  });

  it('leaves a rotation that must wait to the servers, and says when it comes [ID-4]', async () => {
    await keys('rotate', '--now');
    const next = await kidOf('next');
    const { code, stdout } = await keys('rotate');
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Key ${next} takes over at [\\d:]{8} UTC \\(in \\d+ s\\), when every verifier has it\\.`));
    await everyOneSignsWith(next);
  });

  it('revokes in both at once, workers too [ID-4]', async () => {
    const [current, next] = [await kidOf('current'), await kidOf('next')];
    expect(await keys('revoke', current, '--yes')).toMatchObject({ code: 0 });
    for (const url of urls) await expect.poll(() => published(url), { timeout: 5_000 }).not.toContain(current);
    await everyOneSignsWith(next);
  });

  it('tells caches of both servers the same [ID-4]', async () => {
    const answers = await Promise.all(urls.map((url) => fetch(url + setPath)));
    for (const answer of answers) expect(answer.headers.get('cache-control')).toBe('public, max-age=1, must-revalidate');
    const [one, two] = answers.map((answer) => answer.headers.get('etag'));
    expect(one).toBe(two);
    const again = await Promise.all(urls.map((url) => fetch(url + setPath, { headers: { 'if-none-match': `W/${one}` } })));
    expect(again.map(({ status }) => status)).toEqual([304, 304]);
  });

  it.each([
    ['another sealing key', { RUNLAYER_SEAL_KEY: randomBytes(32).toString('base64') }, /sealed with another key/],
    ['no sealing key', { RUNLAYER_SEAL_KEY: '' }, /There is no sealing key at .*none.seal\.key\.\n {2}hint: Set RUNLAYER_SEAL_KEY/],
    ['a database that does not answer', { DATABASE_URL: 'postgres://u:canary@127.0.0.1:1/d' }, /err_database_unreachable/],
  ])('is refused with %s', async (_name, wrong, message) => {
    const { code, stderr } = await start({ ...place, RUNLAYER_DATA_DIR: join(folder, 'none'), ...wrong }, 'keys', 'rotate').ended;
    expect([code, stderr]).toEqual([1, expect.stringMatching(message)]);
    expect(stderr).not.toMatch(/canary|^ +at /m);
  });
});
