// Reserved names on every path that leads to an upstream, exposed ones too: whatever a caller does with them, none arrives.
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeAll, connector, echo, hosted, key, listen, organizationId, raw, startProxy } from '../test/rig.ts';
import type { Seen } from '../test/rig.ts';

const authorizationServer = '/.well-known/oauth-authorization-server';

const messages = `${connector}/messages?sessionId=1`;

/** Request targets by what they are, and whether they are called with a key. */
const places: [name: string, target: string, keyed: boolean][] = [
  ['the MCP path of a deployment', `${hosted}/mcp`, true],
  ['another path of a deployment', `${hosted}/a/b?c=1`, true],
  ['an exposed path, by nobody', `${hosted}/open`, false],
  ['an exposed path, with a key', `${hosted}/open`, true],
  ['a discovery document below a deployment', `${hosted}${authorizationServer}`, false],
  ['a discovery document at the root', `${authorizationServer}${hosted}`, false],
  ['a connector', `${connector}/mcp`, true],
  ['the message path of the old transport', messages, true],
];

const names = ['Subject-Type', 'Org-Id', 'User-Email', 'User-Id', 'Agent-Id', 'Agent-Name', 'Identity-Token', 'Api-Key', 'Anything', ''];
const marks = ['-', '_', '.', '~', '!', '#', '$', '%', '&', "'", '*', '+', '^', '`', '|'];

afterEach(closeAll);

describe.each([
  ['off', 'a container', false],
  ['on', 'a container', true],
  ['off', 'an address', false],
  ['on', 'an address', true],
])('with both toggles %s, before %s', (_toggle, upstreamKind, on) => {
  let port: number;

  beforeEach(async () => {
    const upstream = await listen(echo);
    const origin = upstreamKind === 'an address' ? `http://127.0.0.1:${upstream.port}` : undefined;
    const route = { expose: ['/open', '/.well-known/*'], forward: { headers: on, token: on }, transport: 'sse' as const, origin };
    ({ port } = await startProxy(upstream.port, route, { allowAddress: () => true }));
  });

  /** What the upstream saw of a request with these lines, and what may be there of the platform's own. */
  async function arrived(target: string, keyed: boolean, lines: readonly string[], body = ''): Promise<Seen> {
    const method = body === '' && target !== messages ? 'GET' : 'POST';
    const head = [`${method} ${target} HTTP/1.1`, 'Host: 127.0.0.1', ...(keyed ? [`x-runlayer-api-key: ${key}`] : []), ...lines];
    const connection = lines.some((line) => line.startsWith('Connection:')) ? [] : ['Connection: close'];
    const text = await raw(port, [...head, ...connection, '', body].join('\r\n'));
    expect(text).toMatch(/^HTTP\/1\.1 200 /);
    expect(text).not.toMatch(/evil/i);
    return JSON.parse(text.slice(text.indexOf('\r\n{') + 2, text.lastIndexOf('}') + 1)) as Seen;
  }

  function expectOwn({ headers, trailers }: Seen, keyed: boolean): void {
    const own = headers.filter(([name]) => /^x.runlayer/i.test(name)).map(([name]) => name.slice('X-Runlayer-'.length));
    const person = keyed ? ['User-Email', 'User-Id', 'Identity-Token'] : [];
    expect(own).toEqual(on ? ['Subject-Type', 'Org-Id', ...person] : []);
    if (on) expect(headers).toContainEqual(['X-Runlayer-Org-Id', organizationId]);
    expect(trailers).toEqual([]);
  }

  describe.each(places)('at %s', (_name, target, keyed) => {
    it('no spelling that a server may fold into a reserved name arrives, once or twice [ID-2, PROXY-4]', async () => {
      for (const mark of marks) {
        const spelled = names.flatMap((name) => {
          const whole = `X-Runlayer-${name}`;
          // A second key beside the first is no key, so that name goes without.
          const forms = [whole.replaceAll('-', mark), whole.replace('-', mark).toUpperCase(), `x-runlayer${mark}${name.toLowerCase()}`];
          return forms.filter((form) => form.toLowerCase() !== 'x-runlayer-api-key');
        });
        expectOwn(
          await arrived(
            target,
            keyed,
            spelled.flatMap((name) => [`${name}: evil`, `${name}: Evil`]),
          ),
          keyed,
        );
      }
    });

    it('Connection takes away nothing that the platform adds [ID-2, PROXY-4]', async () => {
      const nominated = names.map((name) => `x-runlayer-${name}`).join(', ');
      expectOwn(await arrived(target, keyed, [`Connection: close, ${nominated}, Host`, 'Connection: X_Runlayer_User_Id']), keyed);
    });
  });

  it.each(places.filter(([, target]) => !target.includes('.well-known')))(
    'at %s no trailer arrives under a reserved name [ID-2, PROXY-4]',
    async (_name, target, keyed) => {
      for (const size of [5, 70_000]) {
        const trailers = names.flatMap((name) => [`X-Runlayer-${name}: evil`, `x_runlayer_${name}: evil`, `X.Runlayer.${name}: evil`]);
        const lines = ['Transfer-Encoding: chunked', `Trailer: X-Runlayer-User-Id`];
        const body = `${size.toString(16)}\r\n${'b'.repeat(size)}\r\n0\r\n${trailers.join('\r\n')}\r\n\r\n`;
        expectOwn(await arrived(target, keyed, lines, body), keyed);
      }
    },
  );

  it('any mixture of them is as good as none, wherever it is sent [ID-2, PROXY-4]', async () => {
    const cased = (text: string) => fc.mixedCase(fc.constant(text));
    const mark = fc.constantFrom(...marks);
    const name = fc.tuple(cased('x'), mark, cased('runlayer'), mark, cased('user-id')).map((parts) => parts.join(''));
    const place = fc.constantFrom(...places);
    await fc.assert(
      fc.asyncProperty(place, fc.array(name, { minLength: 1, maxLength: 20 }), async ([, target, keyed], spoofed) => {
        expectOwn(
          await arrived(
            target,
            keyed,
            spoofed.map((one) => `${one}: evil`),
          ),
          keyed,
        );
      }),
      { numRuns: 60 },
    );
  });
});
