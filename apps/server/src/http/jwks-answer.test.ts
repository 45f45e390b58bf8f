// The answer with the public keys: what caches read of it.
import { generateSigningKey, publicJwks } from '@runlayer/identity-forward/sign';
import { describe, expect, it } from 'vitest';
import { createJwksAnswer } from './jwks-answer.ts';

const [one, other] = [generateSigningKey(), generateSigningKey()];
const ring = { keys: publicJwks([one]).keys, published: () => ring.keys, maxAgeSeconds: 300 };
const answer = createJwksAnswer(ring);
const etag = answer(undefined).headers.get('etag') ?? '';

describe('the public keys', () => {
  it('have no secret half, and a strong tag that is theirs [ID-4]', async () => {
    const got = answer(undefined);
    expect(got.headers.get('content-type')).toBe('application/json');
    expect(etag).toMatch(/^"[\w-]{22}"$/);
    const text = await got.text();
    expect(JSON.parse(text)).toEqual({ keys: [{ kty: 'OKP', crv: 'Ed25519', x: one.x, kid: one.kid, alg: 'EdDSA', use: 'sig' }] });
    expect(text).not.toContain(one.d);
  });

  it.each([
    ['the tag', etag],
    ['the weak tag', `W/${etag}`],
    ['a list', `"x", W/"y" ,  ${etag}`],
    ['a list with a comma in a tag', `"x,y",${etag}`],
    ['any', ' * '],
  ])('are not sent again to one who has them: %s [ID-4]', async (_name, given) => {
    const got = answer(given);
    expect([got.status, await got.text(), got.headers.get('etag')]).toEqual([304, '', etag]);
    expect(got.headers.get('cache-control')).toBe('public, max-age=300, must-revalidate');
  });

  it.each(['', '"', '"x"', etag.slice(1, -1), `${etag}x`, '*, "x"', `w/${etag}`, 'W/*', ','.repeat(60_000)])(
    'are sent to one who shows %j',
    (given) => {
      expect(answer(given).status).toBe(200);
    },
  );

  it('get another tag with another set, and may be kept for as long as the ring says [ID-4]', async () => {
    Object.assign(ring, { keys: publicJwks([one, other]).keys, maxAgeSeconds: 1 });
    const got = answer(etag);
    expect([got.status, got.headers.get('cache-control')]).toEqual([200, 'public, max-age=1, must-revalidate']);
    expect(got.headers.get('etag')).not.toBe(etag);
    expect(await got.json()).toMatchObject({ keys: [{ kid: one.kid }, { kid: other.kid }] });
  });
});
