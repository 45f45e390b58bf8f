// One suite for every adapter, over real HTTP: whatever the framework, a caller gets past it with a good token only.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mcpServers } from './test-servers/mcp-servers.ts';
import { send } from './test-servers/send.ts';
import type { Answer } from './test-servers/send.ts';
import { listen } from './test-servers/test-server.ts';
import type { Running } from './test-servers/test-server.ts';
import { webServers } from './test-servers/web-servers.ts';
import type { TokenVectors } from './test-vectors/vectors.ts';
import { createVerifier } from './verify/index.ts';
import type { Verifier } from './verify/index.ts';

const vectors = JSON.parse(await readFile(join(import.meta.dirname, '../vectors/tokens.json'), 'utf8')) as TokenVectors;
const { issuer, serverId, jwks } = vectors;
const clock = (): number => vectors.now * 1000;
const header = 'X-Runlayer-Identity-Token';
const good = vectors.good[0]?.token ?? '';
/** What a header cannot carry reaches no verifier: control characters, characters above one byte, and spaces around the value. */
const sendable = /^[\t\x20-\x7e\x80-\xff]*$/;
const bad = vectors.bad.filter(({ token }) => sendable.test(token) && token.trim() === token);

describe.each(Object.entries({ ...webServers, ...mcpServers }))('%s', (_name, { refusal, start, read = JSON.parse }) => {
  const verifier = createVerifier({ issuer, serverId, jwks, clock });
  let server: Running;
  let calls = 0;

  beforeAll(async () => {
    server = await start(verifier, () => (calls += 1));
  });
  afterAll(() => server.close());

  /** What a request is answered, and whether the handler saw it. */
  async function call(...lines: [name: string, value: string][]): Promise<Answer & { readonly reached: boolean }> {
    const before = calls;
    const answer = await send(server.port, lines);
    return { ...answer, reached: calls > before };
  }

  it('lets every good token in, with its identity [ID-5, ID-6]', async () => {
    for (const { name, token } of vectors.good) {
      const { status, body, reached } = await call([header, token]);
      expect({ name, status, reached }).toEqual({ name, status: 200, reached: true });
      expect(read(body)).toEqual(await verifier.verify(token));
    }
  });

  it(`refuses each of ${bad.length} bad tokens before its handler, and tells no part of them [ID-5]`, async () => {
    const answers = await Promise.all(bad.map(async ({ token }) => send(server.port, [[header, token]])));
    expect(bad.length).toBeGreaterThan(300);
    for (const [index, { attack, name, token, code }] of bad.entries()) {
      const { status, headers, body } = answers[index] as Answer;
      const problem = JSON.parse(body) as Record<string, unknown>;
      expect({ attack, name, status, problem: problem['status'] }).toEqual({ attack, name, status: refusal, problem: refusal });
      // Nothing at all is no token yet; a comma means two headers to whoever reads them.
      const expected = token === '' ? 'ERR_IDENTITY_TOKEN_MISSING' : token.includes(',') ? 'ERR_IDENTITY_TOKEN_REPEATED' : code;
      expect({ attack, name, code: problem['code'] }).toEqual({ attack, name, code: expected });
      const told = `${body}${JSON.stringify(headers)}`;
      for (const part of token.split(/[^\w-]+/)) if (part.length > 7) expect(told).not.toContain(part);
    }
    expect(calls).toBe(vectors.good.length);
  });

  it.each<[string, [name: string, value: string][]]>([
    ['in lower case', [[header.toLowerCase(), good]]],
    ['in upper case', [[header.toUpperCase(), good]]],
    ['with spaces around it', [[header, `  ${good} `]]],
    [
      'beside an underscore variant, which is another header',
      [
        [header, good],
        ['X_Runlayer_Identity_Token', 'forged'],
      ],
    ],
  ])('reads the header %s', async (_case, lines) => {
    expect(await call(...lines)).toMatchObject({ status: 200, reached: true });
  });

  it.each<[string, [name: string, value: string][], string]>([
    ['no token', [], 'MISSING'],
    ['the token under an underscore variant only', [['X_Runlayer_Identity_Token', good]], 'MISSING'],
    ['the token under a dotted variant only', [['X.Runlayer.Identity.Token', good]], 'MISSING'],
    ['the token as a bearer only', [['Authorization', `Bearer ${good}`]], 'MISSING'],
    [
      'only the plain headers, which anybody can write',
      [
        ['X-Runlayer-User-Id', 'u'],
        ['X-Runlayer-Subject-Type', 'user'],
      ],
      'MISSING',
    ],
    [
      'the token twice',
      [
        [header, good],
        [header, good],
      ],
      'REPEATED',
    ],
    [
      'the token twice in two cases',
      [
        [header, good],
        [header.toLowerCase(), good],
      ],
      'REPEATED',
    ],
    [
      'an empty header before it',
      [
        [header, ''],
        [header, good],
      ],
      'REPEATED',
    ],
    ['two tokens joined', [[header, `${good}, ${good}`]], 'REPEATED'],
    ['two tokens joined without a space', [[header, `${good},${good}`]], 'REPEATED'],
  ])('refuses %s', async (_case, lines, what) => {
    const { status, headers, body, reached } = await call(...lines);
    expect({ status, reached }).toEqual({ status: refusal, reached: false });
    expect(JSON.parse(body)).toEqual({
      code: `ERR_IDENTITY_TOKEN_${what}`,
      title: expect.any(String),
      detail: expect.stringMatching(/\.$/),
      status: refusal,
    });
    expect(headers).toMatchObject({ 'content-type': expect.stringContaining('application/problem+json'), 'cache-control': 'no-store' });
    expect(headers['www-authenticate']).toBe(refusal === 401 ? 'Runlayer-Identity' : undefined);
  });

  it('answers 503 while the keys cannot be had, and when to come again [ID-4]', async () => {
    // A port that was free a moment ago: nobody listens.
    const gone = await listen(() => undefined);
    await gone.close();
    await withServer(createVerifier({ issuer, serverId, clock, jwksUrl: `http://127.0.0.1:${gone.port}/jwks` }), async (port, reached) => {
      const { status, headers, body } = await send(port, [[header, good]]);
      expect(status).toBe(503);
      expect(headers['retry-after']).toMatch(/^\d+$/);
      expect(JSON.parse(body)).toMatchObject({ code: 'ERR_IDENTITY_KEYS_UNAVAILABLE', status: 503 });
      expect(reached()).toBe(0);
    });
  });

  it.each([new TypeError('broken'), undefined, null, 'route', 'router', false])(
    'answers 500 and reaches no handler when a verifier fails with %s',
    async (thrown) => {
      await withServer(failing(thrown), async (port, reached) => {
        expect((await send(port, [[header, good]])).status).toBe(500);
        expect(reached()).toBe(0);
      });
    },
  );

  async function withServer(other: Verifier, use: (port: number, reached: () => number) => Promise<void>): Promise<void> {
    let count = 0;
    const running = await start(other, () => (count += 1));
    try {
      await use(running.port, () => count);
    } finally {
      await running.close();
    }
  }
});

/** A verifier with a defect. */
function failing(thrown: unknown): Verifier {
  const fail = (): Promise<never> => Promise.reject(thrown);
  return { ...createVerifier({ issuer, serverId, jwks, clock }), verify: fail, verifyRequest: fail };
}
