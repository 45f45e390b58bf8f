import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { ask, closeAll, connector, hosted, key, listen, startProxy } from '../test/rig.ts';
import type { AddressMap } from './public-address.ts';
import { publicChallenge } from './public-challenge.ts';

const inside = 'http://localhost:8000/.well-known/oauth-protected-resource';
const outside = 'https://p.example.com/api/v1/proxy/hosted/d/.well-known/oauth-protected-resource';
const map: AddressMap = {
  upstreamOrigins: ['http://localhost:8000', 'http://10.0.0.7:8000'],
  platformOrigin: 'https://p.example.com',
  prefix: '/api/v1/proxy/hosted/d',
};
const ofConnector: AddressMap = { ...map, prefix: '/api/v1/proxy/c', mcpPath: '/mcp' };

describe('publicChallenge', () => {
  it.each([
    ['alone', `Bearer resource_metadata="${inside}"`],
    ['last', `Bearer error="invalid_token", error_description="expired", resource_metadata="${inside}"`],
    ['in the middle', `Bearer realm="a", resource_metadata="${inside}/mcp?a=1", scope="b c"`],
    ['without quotes', `Bearer resource_metadata=${inside}, scope=a`],
    ['without quotes at the end', `Bearer realm=a resource_metadata=${inside}`],
    ['in capitals', `BEARER Resource_Metadata="${inside}"`],
    ['with space around the sign', `Bearer resource_metadata = "${inside}"`],
    ['after another challenge', `Basic realm="x", Bearer resource_metadata="${inside}"`],
    ['before another challenge', `Bearer resource_metadata="${inside}", DPoP algs="ES256"`],
    ['after a challenge with a token', `Negotiate a2V5==, Bearer resource_metadata="${inside}"`],
    ['in two challenges', `Bearer resource_metadata="${inside}/a", DPoP resource_metadata="${inside}/b"`],
    ['after an escaped quote', String.raw`Bearer error_description="the \"token\" is old\\", resource_metadata="${inside}"`],
    ['after quotes that nobody escaped', `Bearer error_description="the "token" is old", resource_metadata="${inside}"`],
    ['after a comma in quotes', `Bearer error_description="a, b=c, d", resource_metadata="${inside}"`],
  ])('makes the address public that stands %s [PROXY-3]', (_name, challenge) => {
    expect(publicChallenge(challenge, map)).toBe(challenge.replaceAll(inside, outside));
  });

  it.each([
    ['of another challenge', 'Basic realm="http://localhost:8000/"'],
    ['that is already public', `Bearer resource_metadata="https://p.example.com/.well-known/oauth-protected-resource${map.prefix}/mcp"`],
    ['of another site', 'Bearer resource_metadata="https://accounts.example.com/.well-known/oauth-protected-resource"'],
    ['of a site that begins like the upstream', 'Bearer resource_metadata="http://localhost:8000.evil.example.com/x"'],
    ['inside a text', String.raw`Bearer error_description="say resource_metadata=\"${inside}\" to it"`],
    ['of a longer name', `Bearer x_resource_metadata="${inside}", resource_metadata_uri="${inside}"`],
    ['in a quote without end', `Bearer resource_metadata="${inside}`],
    ['that is missing', 'Bearer resource_metadata=, resource_metadata'],
    ['that is empty', 'Bearer resource_metadata=""'],
  ])('leaves an address %s as it is', (_name, challenge) => {
    expect(publicChallenge(challenge, map)).toBe(challenge);
  });

  it('makes a bare path a whole address, which is all that clients read [PROXY-3]', () => {
    expect(publicChallenge('Bearer resource_metadata="/.well-known/oauth-protected-resource"', map)).toBe(
      `Bearer resource_metadata="${outside}"`,
    );
  });

  it("names a connector's document at the platform's root, the only place where it is served [PROXY-3]", () => {
    expect(publicChallenge(`Bearer resource_metadata="${inside}/mcp", scope="a"`, ofConnector)).toBe(
      'Bearer resource_metadata="https://p.example.com/.well-known/oauth-protected-resource/api/v1/proxy/c/mcp", scope="a"',
    );
    expect(publicChallenge('Bearer resource_metadata="http://localhost:8000/metadata"', ofConnector)).toBe(
      'Bearer resource_metadata="https://p.example.com/api/v1/proxy/c/metadata"',
    );
  });

  it('leaves the challenge of a server by URL alone: callers reach its addresses themselves', () => {
    const challenge = 'Bearer resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource"';
    expect(publicChallenge(challenge, { ...ofConnector, upstreamOrigins: ['https://mcp.example.com'], isPublic: true })).toBe(challenge);
  });

  it('changes nothing in a line that does not name the upstream, however broken', () => {
    const part = fc.constantFrom('resource_metadata', '=', '"', '\\', ' ', ',', 'Bearer', 'https://x.example.com/', 'a', '\t', 'é');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 20 }), (parts) => publicChallenge(parts.join(''), map) === parts.join('')),
      { numRuns: 3_000 },
    );
  });
});

describe('a refusal of an upstream', () => {
  afterEach(closeAll);

  it('passes with its status, its body and each of its challenges, while the caller is admitted by the platform [PROXY-3]', async () => {
    const challenges = [
      'Basic realm="x"',
      'Bearer error="invalid_token", resource_metadata=http://localhost:8000/.well-known/oauth-protected-resource',
    ];
    const upstream = await listen(
      (_req, res) => void res.writeHead(401, { 'WWW-Authenticate': challenges }).end('{"error":"invalid_token"}'),
    );
    const { port } = await startProxy(upstream.port);
    const answer = await ask(port, `${hosted}/mcp`, {
      method: 'POST',
      headers: { 'x-runlayer-api-key': key, authorization: 'Bearer old' },
    });
    expect([answer.status, answer.body, answer.headers['x-runlayer-origin']]).toEqual([401, '{"error":"invalid_token"}', undefined]);
    expect(answer.rawHeaders.filter((_value, index, all) => all[index - 1]?.toLowerCase() === 'www-authenticate')).toEqual([
      'Basic realm="x"',
      `Bearer error="invalid_token", resource_metadata=https://platform.example.com${hosted}/.well-known/oauth-protected-resource`,
    ]);
  });

  it("leads a caller of a connector to the document at the platform's root [PROXY-3]", async () => {
    const challenge = 'Bearer resource_metadata="http://localhost:8000/.well-known/oauth-protected-resource/mcp"';
    const upstream = await listen((req, res) =>
      req.url === '/mcp' ? res.writeHead(401, { 'WWW-Authenticate': challenge }).end() : res.writeHead(200).end(req.url),
    );
    const { port } = await startProxy(upstream.port, { expose: ['/.well-known/oauth-protected-resource/mcp'] });
    const refused = await ask(port, `${connector}/mcp`);
    const address =
      /resource_metadata="https:\/\/platform\.example\.com([^"]+)"/.exec(refused.headers['www-authenticate'] ?? '')?.[1] ?? '';
    expect(address).toBe(`/.well-known/oauth-protected-resource${connector}/mcp`);
    expect((await ask(port, address, { headers: {} })).body).toBe('/.well-known/oauth-protected-resource/mcp');
  });
});
