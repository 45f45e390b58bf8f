// The routes of signing keys over HTTP, with the typed client and without.
import { createClient } from '@runlayer/api/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let client: ReturnType<typeof createClient>;
beforeAll(async () => {
  server = await startTestServer({ RUNLAYER_KEY_LEAD_SECONDS: '60', RUNLAYER_KEY_ROTATION_DAYS: '0' });
  client = createClient({ host: server.url, apiKey: server.adminKey });
}, 60_000);
afterAll(() => server.stop(), 30_000);

const base = '/api/v1/signing-keys';
const iso = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/);
const setPath = '/.well-known/runlayer-identity-forward.jwks.json';
const kids = async () => (await server.call('GET', setPath, { key: null })).json.keys.map(({ kid }: { kid: string }) => kid) as string[];
const of = async (state: string) => (await client.signingKeys.list()).data.find((key) => key.state === state);

describe('signing keys over HTTP', () => {
  it('are listed without their private half [ID-4, SEC-1]', async () => {
    const { json, text } = await server.call('GET', base);
    expect(json).toEqual({
      count: 2,
      data: [
        {
          kid: expect.any(String),
          state: 'next',
          created_at: iso,
          published_at: iso,
          signs_from: null,
          retired_at: null,
          removed_at: null,
          revoked_at: null,
        },
        {
          kid: expect.any(String),
          state: 'current',
          created_at: iso,
          published_at: iso,
          signs_from: iso,
          retired_at: null,
          removed_at: null,
          revoked_at: null,
        },
      ],
    });
    expect(text).not.toMatch(/"(d"|sealed|private)/);
    expect(new Set(await kids())).toEqual(new Set(json.data.map(({ kid }: { kid: string }) => kid)));
  });

  it('may be kept by caches for a third of the lead time [ID-4]', async () => {
    const answer = await server.call('GET', setPath, { key: null });
    expect(answer.headers.get('cache-control')).toBe('public, max-age=20, must-revalidate');
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    const etag = answer.headers.get('etag') ?? '';
    const again = await server.call('GET', setPath, { key: null, headers: { 'if-none-match': `"x", W/${etag}` } });
    expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', etag]);
    const head = await server.call('HEAD', setPath, { key: null });
    expect([head.status, head.text, head.headers.get('etag')]).toEqual([200, '', etag]);
  });

  it('are rotated when every verifier has the next one, and the wish is kept until then [ID-4]', async () => {
    const next = await of('next');
    const asked = await client.signingKeys.rotate();
    expect(asked).toEqual({ done: false, kid: next?.kid, at: iso });
    expect(Date.parse(asked.at) - Date.parse(next?.published_at ?? '')).toBe(60_000);
    // Without a body, as a person with curl sends it.
    expect((await server.call('POST', `${base}/rotate`)).json).toEqual(asked);
    expect((await of('next'))?.signs_from).toBe(asked.at);
  });

  it('are rotated at once on demand: the former one stays published [ID-4]', async () => {
    const [former, next] = [await of('current'), await of('next')];
    expect(await client.signingKeys.rotate({ now: true })).toEqual({ done: true, kid: next?.kid, at: iso });
    expect((await of('current'))?.kid).toBe(next?.kid);
    expect(await kids()).toEqual(expect.arrayContaining([former?.kid, next?.kid, (await of('next'))?.kid]));
  });

  it('are revoked at once, and the next one signs; repeating it changes nothing [ID-4]', async () => {
    const [current, next] = [await of('current'), await of('next')];
    const { headers } = await server.call('GET', setPath, { key: null });
    const revoked = await client.signingKeys.revoke(current?.kid ?? '');
    expect(revoked).toMatchObject({ kid: current?.kid, state: 'revoked', revoked_at: iso });
    expect((await of('current'))?.kid).toBe(next?.kid);
    expect(await kids()).not.toContain(current?.kid);
    const cached = await server.call('GET', setPath, { key: null, headers: { 'if-none-match': headers.get('etag') ?? '' } });
    expect(cached.status).toBe(200);
    expect(await client.signingKeys.revoke(current?.kid ?? '')).toEqual(revoked);
  });

  it('are in the audit log, by whoever did it [ID-4, PLAT-6]', async () => {
    const { json } = await server.call('GET', '/api/v1/audit-events?limit=50');
    for (const action of ['signing_key.rotation_requested', 'signing_key.promoted', 'signing_key.revoked'])
      expect(json.data).toContainEqual(
        expect.objectContaining({ action, actor: expect.objectContaining({ type: 'user', name: 'admin@localhost' }) }),
      );
  });

  it.each(['x', '42', '%00', '..%2f..%2fetc', 'null', 'a'.repeat(3000), '%F0%9F%92%A5', 'A'.repeat(43)])(
    'are not found by the kid %s',
    async (kid) => {
      expect(await server.call('POST', `${base}/${kid}/revoke`)).toMatchObject({
        status: 404,
        json: { code: 'ERR_SIGNING_KEY_NOT_FOUND' },
      });
    },
  );

  it.each([
    ['{"now":"yes"}', 422],
    ['{"soon":true}', 422],
    ['[]', 422],
    ['{', 400],
  ])('are not rotated by %s', async (body, status) => {
    expect(await server.call('POST', `${base}/rotate`, { body })).toMatchObject({ status });
  });

  it('that are another’s than an admin’s to change are neither shown nor changed [PLAT-6]', async () => {
    const { json } = await server.call('POST', '/api/v1/api-keys', { body: { name: 'ci', owner: 'organization', role: 'deploy' } });
    const current = await of('current');
    for (const [method, path] of [
      ['GET', base],
      ['POST', `${base}/rotate`],
      ['POST', `${base}/${current?.kid}/revoke`],
    ] as const)
      expect(await server.call(method, path, { key: json.api_key })).toMatchObject({ status: 403, json: { code: 'ERR_ROLE' } });
    expect((await of('current'))?.kid).toBe(current?.kid);
  });
});
