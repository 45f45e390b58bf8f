import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jwksPath } from '../claims.ts';
import type { HeaderSource } from '../headers/read-header.ts';
import type { PublicJwkSet } from '../jwk.ts';
import { createSigner, generateSigningKey, publicJwks } from '../sign/index.ts';
import type { Subject } from '../subject.ts';
import { goodClaims, goodHeader, issuer, now, platformKey, serverId, signParts } from '../test-vectors/craft.ts';
import { createVerifier } from './create-verifier.ts';
import type { VerifierOptions } from './verifier.ts';

const clock = (): number => now * 1000;
const jwks = { keys: [platformKey.jwk] };
const verifier = createVerifier({ issuer, serverId, jwks, clock });
const token = signParts(goodHeader, goodClaims.user);
const organizationId = 'org-1';
const user = { userId: 'u-1', userEmail: 'ann@example.com' };
const agent = { agentId: 'a-1', agentName: '研究助手 "\\' };

describe('a token of our own signer', () => {
  it.each<Subject>([
    { subjectType: 'user', organizationId, ...user },
    { subjectType: 'agent', organizationId, ...agent },
    { subjectType: 'obo', organizationId, ...user, ...agent },
  ])('says that a $subjectType calls [ID-3, ID-5, ID-6]', async (subject) => {
    const key = generateSigningKey();
    const signed = createSigner({ issuer, key }).sign(subject, serverId);
    const { claims, ...identity } = await createVerifier({ issuer, serverId, jwks: publicJwks([key]) }).verify(signed);
    expect(identity).toEqual(subject);
    expect(claims.exp - claims.iat).toBe(300);
  });

  it('is refused at every other server [ID-5]', async () => {
    const key = generateSigningKey();
    const signed = createSigner({ issuer, key }).sign({ subjectType: 'user', organizationId, ...user }, 'server-a');
    const at = (id: string): Promise<unknown> => createVerifier({ issuer, serverId: id, jwks: publicJwks([key]) }).verify(signed);
    await expect(at('server-a')).resolves.toMatchObject(user);
    await expect(at('server-b')).rejects.toMatchObject({ code: 'ERR_IDENTITY_TOKEN_AUDIENCE', status: 401 });
  });
});

describe('any change', () => {
  const names = Object.keys(goodClaims.obo) as (keyof typeof goodClaims.obo)[];
  const change = fc.tuple(fc.constantFrom(...names), fc.oneof(fc.jsonValue(), fc.string(), fc.integer()));

  it('of a claim is refused when it is not signed again [ID-3]', async () => {
    const [head, , signature] = signParts(goodHeader, goodClaims.obo).split('.');
    await fc.assert(
      fc.asyncProperty(change, async ([name, value]) => {
        fc.pre(JSON.stringify(value) !== JSON.stringify(goodClaims.obo[name]));
        const body = Buffer.from(JSON.stringify({ ...goodClaims.obo, [name]: value })).toString('base64url');
        await expect(verifier.verify(`${head}.${body}.${signature}`)).rejects.toMatchObject({ name: 'IdentityError' });
      }),
    );
  });

  it('of the type of a claim is refused even when it is well signed [ID-3]', async () => {
    await fc.assert(
      fc.asyncProperty(change, async ([name, value]) => {
        fc.pre(typeof value !== typeof goodClaims.obo[name]);
        const changed = signParts(goodHeader, { ...goodClaims.obo, [name]: value });
        await expect(verifier.verify(changed)).rejects.toMatchObject({ name: 'IdentityError' });
      }),
    );
  });

  it('into any text at all is refused, with a code', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        await expect(verifier.verify(text)).rejects.toMatchObject({ code: expect.stringMatching(/^ERR_IDENTITY_TOKEN_/) });
      }),
    );
  });
});

describe('a request', () => {
  it.each<[string, Headers | Record<string, string | string[] | undefined>]>([
    ['web headers', new Headers({ 'X-Runlayer-Identity-Token': token })],
    ["Node's headers", { 'x-runlayer-identity-token': token, host: 'localhost' }],
    ['headers in any case', { 'X-RUNLAYER-IDENTITY-TOKEN': token }],
    ['a list of one', { 'x-runlayer-identity-token': [token] }],
  ])('with %s is read', async (_name, headers) => {
    await expect(verifier.verifyRequest(headers)).resolves.toMatchObject({ subjectType: 'user' });
  });

  const twice = new Headers([
    ['X-Runlayer-Identity-Token', token],
    ['x-runlayer-identity-token', token],
  ]);
  it.each<[string, HeaderSource, string]>([
    ['no token', {}, 'MISSING'],
    ['an undefined token', { 'x-runlayer-identity-token': undefined }, 'MISSING'],
    ['an empty token', new Headers({ 'x-runlayer-identity-token': '' }), 'MISSING'],
    ['a token under a folded name only', { x_runlayer_identity_token: token }, 'MISSING'],
    ['two tokens in web headers', twice, 'REPEATED'],
    ['two tokens joined with a comma', { 'x-runlayer-identity-token': `${token}, ${token}` }, 'REPEATED'],
    ['two tokens in a list', { 'x-runlayer-identity-token': [token, token] }, 'REPEATED'],
    ['a token that is no text', { 'x-runlayer-identity-token': 5 as unknown as string }, 'MISSING'],
    ['null for a token', { 'x-runlayer-identity-token': null as unknown as string }, 'MISSING'],
    ['a token beside what is no text', { 'x-runlayer-identity-token': [token, 5 as unknown as string] }, 'REPEATED'],
    ['web headers that give no text', { get: () => 5 as unknown as string }, 'MISSING'],
    ['two tokens under two spellings', { 'x-runlayer-identity-token': token, 'X-Runlayer-Identity-Token': token }, 'REPEATED'],
  ])('with %s is refused', async (_name, headers, what) => {
    await expect(verifier.verifyRequest(headers)).rejects.toMatchObject({ code: `ERR_IDENTITY_TOKEN_${what}`, status: 401 });
  });
});

describe('options', () => {
  it.each<[string, Partial<VerifierOptions>]>([
    ['no issuer', { issuer: undefined }],
    ['an empty issuer', { issuer: '' }],
    ['an issuer without a scheme', { issuer: 'runlayer.example' }],
    ['an issuer with a slash at the end', { issuer: 'https://runlayer.example/' }],
    ['an issuer with a password', { issuer: 'https://a:b@runlayer.example' }],
    ['an issuer with a query', { issuer: 'https://runlayer.example?a' }],
    ['no server id', { serverId: undefined }],
    ['an empty server id', { serverId: '' }],
    ['a server id with a space', { serverId: 'a b' }],
    ['a leeway above 30 s', { leewaySeconds: 31 }],
    ['a negative leeway', { leewaySeconds: -1 }],
    ['a leeway of NaN', { leewaySeconds: Number.NaN }],
    ['keys over http from elsewhere', { jwks: undefined, jwksUrl: 'http://10.0.0.1/jwks' }],
    ['no time for the keys', { timeoutMs: 0 }],
    ['negative staleness', { staleSeconds: -1 }],
    ['staleness of more than a day', { staleSeconds: 86_401 }],
    ['endless staleness', { staleSeconds: Number.POSITIVE_INFINITY }],
  ])('are refused with %s', (_name, change) => {
    expect(() => createVerifier({ issuer, serverId, jwks, ...change })).toThrow(
      expect.objectContaining({ code: 'ERR_IDENTITY_OPTIONS', status: 500 }),
    );
  });

  it('allow no difference of clocks when the leeway is 0', async () => {
    const strict = createVerifier({ issuer, serverId, jwks, clock, leewaySeconds: 0 });
    await expect(strict.verify(signParts(goodHeader, { ...goodClaims.user, iat: now + 1 }))).rejects.toMatchObject({
      code: 'ERR_IDENTITY_TOKEN_TIME',
    });
  });
});

describe('what is no headers', () => {
  it.each([null, undefined, token])('such as %j is told as a mistake of the program', async (headers) => {
    await expect(verifier.verifyRequest(headers as unknown as Headers)).rejects.toMatchObject({
      code: 'ERR_IDENTITY_OPTIONS',
      status: 500,
    });
  });
});

describe('a clock that gives no time', () => {
  it.each([Number.NaN, undefined, 'now', new Date(Number.NaN)])('such as %s lets nothing pass [ID-3]', async (time) => {
    const broken = createVerifier({ issuer, serverId, jwks, clock: () => time as number });
    await expect(broken.verify(token)).rejects.toMatchObject({ code: 'ERR_IDENTITY_TOKEN_TIME' });
  });
});

describe('the keys', () => {
  const serve = (set: PublicJwkSet): { asked: string[]; fetch: NonNullable<VerifierOptions['fetch']> } => {
    const asked: string[] = [];
    return {
      asked,
      fetch: async (url) => {
        asked.push(url);
        return Response.json(set);
      },
    };
  };

  it('come from below the issuer, once, and only for a token that is right so far [ID-4]', async () => {
    const { asked, fetch } = serve(jwks);
    const fetching = createVerifier({ issuer, serverId, fetch, clock });
    for (const kid of ['../../etc/passwd', "' OR 1=1 --", 'x'.repeat(43)]) {
      await expect(fetching.verify(signParts({ ...goodHeader, kid }, goodClaims.user))).rejects.toMatchObject({
        code: 'ERR_IDENTITY_TOKEN_HEADER',
      });
    }
    await expect(fetching.verify(signParts(goodHeader, { ...goodClaims.user, aud: 'other' }))).rejects.toMatchObject({ status: 401 });
    expect(asked).toEqual([]);
    await fetching.verify(token);
    await fetching.verify(token);
    expect(asked).toEqual([`${issuer}${jwksPath}`]);
  });

  it('may come from another address than the issuer', async () => {
    const { asked, fetch } = serve(jwks);
    await createVerifier({ issuer, serverId, fetch, clock, jwksUrl: 'http://host.docker.internal:3000/jwks' }).verify(token);
    expect(asked).toEqual(['http://host.docker.internal:3000/jwks']);
  });

  it('given as a set must hold a usable one', async () => {
    const empty = createVerifier({ issuer, serverId, clock, jwks: { keys: [] } });
    await expect(empty.verify(token)).rejects.toMatchObject({ code: 'ERR_IDENTITY_KEYS_UNAVAILABLE' });
  });

  it('serve for the stated time while the address is down, and not a millisecond longer [ID-4]', async () => {
    let time = now * 1000;
    let up = true;
    const fetch = async (): Promise<Response> =>
      up ? Response.json(jwks, { headers: { 'cache-control': 'max-age=10' } }) : Response.error();
    const key = { issuer, serverId, fetch, clock: () => time, staleSeconds: 60 };
    const surviving = createVerifier(key);
    const fresh = (): string => {
      const iat = Math.floor(time / 1000);
      return signParts(goodHeader, { ...goodClaims.user, iat, exp: iat + 300 });
    };
    await surviving.verify(fresh());
    up = false;
    for (const age of [10_000, 30_000, 59_999]) {
      time = now * 1000 + age;
      await expect(surviving.verify(fresh())).resolves.toBeDefined();
    }
    time = now * 1000 + 60_000;
    await expect(surviving.verify(fresh())).rejects.toMatchObject({ code: 'ERR_IDENTITY_KEYS_UNAVAILABLE', status: 503 });
  });

  it('that cannot be had answer 503 and not 401', async () => {
    const down = createVerifier({ issuer, serverId, clock, fetch: () => Promise.reject(new TypeError('fetch failed')) });
    await expect(down.verify(token)).rejects.toMatchObject({ code: 'ERR_IDENTITY_KEYS_UNAVAILABLE', status: 503 });
  });
});
