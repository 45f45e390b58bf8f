// Signing keys that change under load: two servers on one Postgres, an upstream that verifies every call, and no call refused.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startPlatform, waitFor, type Platform } from '@runlayer/local-platform';
import { describeWith, postgresMissing, temporaryPostgres, type TemporaryPostgres } from '@runlayer/test-services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { jwksPath } from '@runlayer/identity-forward';
import { createVerifier, isIdentityError, type Verifier } from '@runlayer/identity-forward/verify';
import { openRelay, type Relay } from './relay.ts';
import { keysCommand } from './keys-command.ts';

/** How long a new key is published before it signs, seconds: the shortest that the server takes. */
const leadSeconds = 2;
/** How long a verifier lives without the key set here, seconds. */
const staleSeconds = 8;

interface SigningKey {
  readonly kid: string;
  readonly state: 'next' | 'current' | 'retired' | 'revoked';
}

describeWith(postgresMissing(), 'signing keys that change under load', () => {
  let postgres: TemporaryPostgres;
  let env: Record<string, string>;
  let platforms: [Platform, Platform];
  let relay: Relay;
  let upstream: Server;
  let connector: string;
  /** One asks each server for the keys, and one asks through a line that can be cut. */
  let verifiers: Verifier[];
  let survivor: Verifier;
  let refusals: string[] = [];
  const agent = new Agent({ keepAlive: true });

  beforeAll(async () => {
    postgres = await temporaryPostgres();
    env = {
      DATABASE_URL: await postgres.fresh(),
      RUNLAYER_SEAL_KEY: randomBytes(32).toString('base64'),
      RUNLAYER_KEY_LEAD_SECONDS: String(leadSeconds),
    };
    const first = await startPlatform({ env });
    env['RUNLAYER_URL'] = first.url;
    platforms = [first, await startPlatform({ env, adminKey: first.adminKey })];
    relay = await openRelay(first.port);
    upstream = createServer((req, res) => void answer(req.headers).then((status) => res.writeHead(status).end()));
    await once(upstream.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/mcp`;
    const made = await first.api<{ id: string }>('POST', '/servers', { name: 'checks', url, identity_forward: { token: true } });
    connector = made.id;
    const verifier = (origin: string): Verifier =>
      createVerifier({ issuer: first.url, serverId: connector, jwksUrl: `${origin}${jwksPath}`, staleSeconds });
    verifiers = platforms.map((platform) => verifier(platform.url));
    survivor = verifier(relay.url);
  }, 120_000);

  afterAll(async () => {
    agent.destroy();
    upstream?.close();
    await relay?.close();
    for (const platform of platforms ?? []) await platform.stop();
    await postgres?.stop();
  });

  /** The upstream: 200 when every verifier takes the token. */
  async function answer(headers: Parameters<Verifier['verifyRequest']>[0]): Promise<number> {
    try {
      await Promise.all(verifiers.map((verifier) => verifier.verifyRequest(headers)));
      return 200;
    } catch (error) {
      refusals.push(isIdentityError(error) ? error.code : String(error));
      return 500;
    }
  }

  /** One call through a server's proxy. */
  async function call(platform: Platform): Promise<number> {
    const sent = request(`${platform.url}/api/v1/proxy/${connector}/mcp`, {
      agent,
      method: 'POST',
      headers: { 'x-runlayer-api-key': platform.adminKey, 'content-type': 'application/json' },
    });
    sent.end('{}');
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.resume();
    await once(response, 'end');
    return response.statusCode ?? 0;
  }

  const keysOf = async (platform: Platform): Promise<SigningKey[]> =>
    (await platform.api<{ data: SigningKey[] }>('GET', '/signing-keys')).data;
  const currentAt = async (platform: Platform): Promise<string> =>
    (await keysOf(platform)).find(({ state }) => state === 'current')?.kid ?? '';

  /** Asks one server or the other, or the operator's command, and waits until both sign with the new key. */
  async function rotate(round: number): Promise<string> {
    const before = await currentAt(platforms[0]);
    if (round % 5 === 0) expect(await keysCommand(['rotate', '--json'], env)).toMatchObject({ code: 0 });
    else await (platforms[round % 2] ?? platforms[0]).api('POST', '/signing-keys/rotate', {});
    return waitFor('another key signing at both servers', async () => {
      const [one, other] = await Promise.all(platforms.map(currentAt));
      return one !== before && one === other ? one : undefined;
    });
  }

  it('refuses none of 10,000 calls while the key changes 20 times [ID-4, ID-5, PLAT-3]', async () => {
    const rotations = { ended: false };
    let calls = 0;
    const statuses = new Set<number>();
    const callers = Array.from({ length: 8 }, async (_, index) => {
      while (!rotations.ended || calls < 10_000) {
        statuses.add(await call(platforms[index % 2] ?? platforms[0]));
        calls += 1;
      }
    });
    const kids = new Set<string>();
    for (let round = 0; round < 20; round += 1) kids.add(await rotate(round));
    rotations.ended = true;
    await Promise.all(callers);
    expect(refusals).toEqual([]);
    expect([...statuses]).toEqual([200]);
    expect(kids.size).toBe(20);
    expect(calls).toBeGreaterThanOrEqual(10_000);
  }, 300_000);

  it('goes on verifying while no keys can be had, up to the stated limit, and again once they can [ID-4, ID-5]', async () => {
    verifiers = [survivor];
    expect(await call(platforms[0])).toBe(200);
    const cutAt = performance.now();
    relay.cut();
    refusals = [];
    let lastTaken = cutAt;
    await waitFor('the limit', async () => {
      const began = performance.now();
      if ((await call(platforms[0])) !== 200) return true;
      lastTaken = began;
      return undefined;
    });
    expect(refusals).toEqual(['ERR_IDENTITY_KEYS_UNAVAILABLE']);
    // The set was at most one fetch old when the line was cut, and its cache age is a second.
    expect(lastTaken - cutAt).toBeGreaterThan((staleSeconds - 3) * 1000);
    expect(lastTaken - cutAt).toBeLessThan((staleSeconds + 1) * 1000);
    await relay.mend();
    await waitFor('the keys being fetched again', async () => ((await call(platforms[0])) === 200 ? true : undefined));
  }, 120_000);

  it('changes the key for a server that was killed after it was asked to [ID-4]', async () => {
    const [survives, dies] = platforms;
    const before = await currentAt(survives);
    await dies.api('POST', '/signing-keys/rotate', {});
    await dies.kill();
    await waitFor('the other server signing with the next key', async () => ((await currentAt(survives)) === before ? undefined : true));
    verifiers = [survivor];
    expect(await call(survives)).toBe(200);
    platforms = [survives, await startPlatform({ env, adminKey: survives.adminKey, dataDir: dies.dataDir, port: dies.port })];
    expect(await currentAt(platforms[1])).toBe(await currentAt(survives));
  }, 120_000);

  it('takes a revoked key from the set at once, and signs with the next one [ID-4]', async () => {
    const [first, second] = platforms;
    const revoked = await currentAt(first);
    await first.api('POST', `/signing-keys/${revoked}/revoke`, {});
    await waitFor('both servers having dropped it', async () => {
      const sets = await Promise.all(platforms.map(async ({ url }) => (await fetch(`${url}${jwksPath}`)).text()));
      return sets.some((text) => text.includes(revoked)) ? undefined : true;
    });
    expect(await currentAt(second)).not.toBe(revoked);
    verifiers = [survivor];
    for (const platform of platforms) expect(await call(platform)).toBe(200);
  });
});
