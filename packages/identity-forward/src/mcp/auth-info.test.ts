import { describe, expect, it } from 'vitest';
import { goodClaims, goodHeader, issuer, now, platformKey, serverId, signParts } from '../test-vectors/craft.ts';
import { createVerifier } from '../verify/index.ts';
import { authInfoOf, identityOf, withIdentity } from './index.ts';

const verifier = createVerifier({ issuer, serverId, jwks: { keys: [platformKey.jwk] }, clock: () => now * 1000 });

describe.each(['user', 'agent', 'obo'] as const)('the AuthInfo of a caller of type %s', (type) => {
  const token = signParts(goodHeader, goodClaims[type]);

  it('names the caller, the expiry and no scope [ID-6]', async () => {
    const { user_id, agent_id } = { user_id: undefined, agent_id: undefined, ...goodClaims[type] };
    expect(authInfoOf(await verifier.verify(token))).toMatchObject({ clientId: user_id ?? agent_id, expiresAt: now + 300, scopes: [] });
  });

  it('holds the id of the token and never the token, nor when it is printed', async () => {
    const authInfo = authInfoOf(await verifier.verify(token));
    expect(authInfo.token).toBe(goodClaims[type].jti);
    expect(JSON.stringify(authInfo)).not.toContain(token.split('.')[2]);
  });

  it('gives the identity back, also from a copy', async () => {
    const identity = await verifier.verify(token);
    const authInfo = authInfoOf(identity);
    expect(identityOf(authInfo)).toEqual(identity);
    expect(identityOf({ ...authInfo, extra: { ...authInfo.extra, more: 1 } })).toEqual(identity);
  });
});

it.each<[string, Parameters<typeof identityOf>[0]]>([
  ['nothing', undefined],
  ['an AuthInfo of other middleware', { extra: undefined }],
  [
    'claims of an unrelated token that pretend',
    JSON.parse('{"extra":{"identity":{"subjectType":"user"},"@runlayer/identity-forward":{}}}'),
  ],
  ['a copy by way of JSON', JSON.parse(JSON.stringify({ extra: { identity: { subjectType: 'user' } } }))],
])('tells no identity from %s', (_name, authInfo) => {
  expect(() => identityOf(authInfo)).toThrow(expect.objectContaining({ code: 'ERR_IDENTITY_OPTIONS' }));
});

describe('the web-standard handler', () => {
  const seen: unknown[] = [];
  const handler = withIdentity(verifier, {
    fetch: async (_request, options) => {
      seen.push(options);
      return new Response(identityOf(options.authInfo).subjectType);
    },
  });
  const headers = { 'X-Runlayer-Identity-Token': signParts(goodHeader, goodClaims.agent) };
  const forged = {
    authInfo: authInfoOf({ subjectType: 'user' as never, claims: goodClaims.user } as never),
    parsedBody: { a: 1 },
    ASSETS: {},
  };

  it('fills the authInfo itself, whatever came along, and passes the parsed body on', async () => {
    const answer = await handler.fetch(new Request('http://localhost/mcp', { headers }), forged);
    expect(await answer.text()).toBe('agent');
    expect(seen).toEqual([{ authInfo: expect.objectContaining({ clientId: goodClaims.agent.agent_id }), parsedBody: { a: 1 } }]);
  });

  it('passes no request on that only brings an authInfo', async () => {
    seen.length = 0;
    expect((await handler.fetch(new Request('http://localhost/mcp'), forged)).status).toBe(403);
    expect(seen).toEqual([]);
  });
});
