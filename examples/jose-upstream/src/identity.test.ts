import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT, calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import type { JWK } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createIdentityVerifier } from './identity.ts';
import { KeysUnavailable } from './identity-keys.ts';

interface Vector {
  readonly name: string;
  readonly token: string;
  readonly code: string;
  readonly subject: Readonly<Record<string, string>>;
}

interface KeySet {
  readonly name: string;
  readonly jwks: unknown;
  readonly good: readonly Vector[];
  readonly bad: readonly Vector[];
}

interface Setting {
  readonly issuer: string;
  readonly serverId: string;
  readonly now: number;
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../packages/identity-forward/vectors/${name}.json`, import.meta.url), 'utf8'));
const tokens = read('tokens') as Setting & KeySet;
const { sets } = read('keys') as { readonly sets: readonly KeySet[] };
const fields = {
  subjectType: 'subject_type',
  organizationId: 'organization_id',
  userId: 'user_id',
  userEmail: 'user_email',
  agentId: 'agent_id',
  agentName: 'agent_name',
};

let server: Server;
let answer: RequestListener;
let fetches: number;

function verifier(): (token: string) => Promise<unknown> {
  const jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return createIdentityVerifier({ issuer: tokens.issuer, serverId: tokens.serverId, jwksUrl });
}

function publish(...keys: unknown[]): void {
  answer = (_, response) => response.end(JSON.stringify({ keys }));
}

function pass(seconds: number): void {
  vi.setSystemTime(Date.now() + seconds * 1000);
}

interface Pair {
  readonly jwk: JWK;
  /** A token made now. */
  readonly token: () => Promise<string>;
}

async function makePair(): Promise<Pair> {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA');
  const { x = '' } = await exportJWK(publicKey);
  const point = { kty: 'OKP', crv: 'Ed25519', x };
  const kid = await calculateJwkThumbprint(point);
  const claims = { organization_id: 'o', subject_type: 'agent', agent_id: 'a', agent_name: 'A' };
  const token = (): Promise<string> =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'EdDSA', typ: 'JWT', kid })
      .setIssuer(tokens.issuer)
      .setAudience(`runlayer:identity-forward:${tokens.serverId}`)
      .setSubject('a')
      .setJti('j')
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(privateKey);
  return { jwk: { ...point, kid }, token };
}

beforeEach(async () => {
  fetches = 0;
  vi.useFakeTimers({ toFake: ['Date'], now: tokens.now * 1000 });
  server = createServer((request, response) => {
    fetches += 1;
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(() => {
  vi.useRealTimers();
  server.close();
});

describe('the recipe for jose', () => {
  it.each([{ ...tokens, name: 'one key' }, ...sets])(
    'accepts and refuses as the vectors say, by $name [ID-5]',
    async ({ jwks, good, bad }) => {
      answer = (_, response) => response.end(JSON.stringify(jwks));
      const verify = verifier();
      for (const { name, token, subject } of good) {
        const claims = (await verify(token).catch((error: unknown) => ({ name, error }))) as Readonly<Record<string, unknown>>;
        const told = Object.entries(fields).flatMap(([field, claim]) =>
          Object.hasOwn(claims, claim) ? [[field, claims[claim]] as const] : [],
        );
        expect(Object.fromEntries(told), name).toEqual(subject);
      }
      for (const { name, token, code } of bad) {
        const refused: unknown = await verify(token).catch((error: unknown) => error);
        expect(refused, name).toBeInstanceOf(Error);
        expect(refused instanceof KeysUnavailable, name).toBe(code === 'ERR_IDENTITY_KEYS_UNAVAILABLE');
      }
    },
  );

  it('sees a rotation, and refuses a key that is taken back [ID-4, ID-5]', async () => {
    const [old, fresh] = [await makePair(), await makePair()];
    const verify = verifier();
    publish(old.jwk);
    for (let call = 0; call < 50; call += 1) await verify(await old.token());
    expect(fetches).toBe(1);
    publish(fresh.jwk, old.jwk);
    pass(30);
    await verify(await fresh.token());
    publish(fresh.jwk);
    pass(600);
    await expect(verify(await old.token())).rejects.not.toBeInstanceOf(KeysUnavailable);
  });

  it('does not fetch for every unknown kid [ID-5]', async () => {
    const [good, junk] = [await makePair(), await makePair()];
    const verify = verifier();
    publish(good.jwk);
    await verify(await good.token());
    for (let second = 0; second < 90; second += 1) {
      pass(1);
      await expect(verify(await junk.token())).rejects.toThrow();
      await verify(await good.token());
    }
    expect(fetches).toBeLessThanOrEqual(4);
  });

  it('outlives an outage of the keys, for fifty minutes at least and an hour at most [ID-4, ID-5]', async () => {
    const { jwk, token } = await makePair();
    const verify = verifier();
    publish(jwk);
    await verify(await token());
    answer = (_, response) => response.writeHead(502).end();
    for (let second = 0; second < 3590; second += 10) {
      pass(10);
      // After that it is a matter of when jose asked last.
      if (second < 2990) await verify(await token());
    }
    expect(fetches).toBeLessThan(10);
    pass(20);
    await expect(verify(await token())).rejects.toBeInstanceOf(KeysUnavailable);
    publish(jwk);
    pass(1);
    await verify(await token());
  });

  it.each<[string, (good: string) => RequestListener]>([
    ['a redirect', () => (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
    ['an error with keys', (good) => (_, response) => response.writeHead(404).end(good)],
    ['a page', () => (_, response) => response.end('<!doctype html>')],
    ['a megabyte', (good) => (_, response) => response.end(good + ' '.repeat(1_000_000))],
    [
      'an answer cut short',
      (good) => (_, response) => response.writeHead(200, { 'content-length': 9999 }).end(good, () => response.destroy()),
    ],
  ])('takes %s for no key set [ID-5]', async (_name, make) => {
    const { jwk, token } = await makePair();
    answer = make(JSON.stringify({ keys: [jwk] }));
    await expect(verifier()(await token())).rejects.toBeInstanceOf(KeysUnavailable);
  });

  it('asks only https, or this machine [ID-5]', () => {
    expect(() => createIdentityVerifier({ ...tokens, jwksUrl: 'http://runlayer.example/jwks' })).toThrow(TypeError);
  });
});
