// A container written to attack, through the real server: every broken answer is told as one, and nobody else notices.
import { once } from 'node:events';
import { waitFor } from '@runlayer/local-platform';
import { describeWith, dockerMissing } from '@runlayer/test-services';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { broken, closing, counted, floods, ok, silent, unreadable } from './attacks-answers.ts';
import { openRaw, script, type Answer, type Step } from './attacks-caller.ts';
import { endpointEvents, endpointsIn } from './attacks-events.ts';
import { memoryOf, openFiles, playing, seenIn, startScene, type Account, type Scene } from './attacks-scene.ts';
import { containersOf } from './deployments.ts';

const megabyte = 1024 * 1024;

describeWith(await dockerMissing(), 'a container that attacks', () => {
  let scene: Scene;
  let pid: number | undefined;
  let smallest = Infinity;

  beforeAll(async () => {
    scene = await startScene({ RUNLAYER_FIRST_BYTE_TIMEOUT_MS: '4000', RUNLAYER_IDLE_TIMEOUT_MS: '4000' });
    pid = scene.platform.process.pid;
    await scene.bothServe();
    await growth();
  });

  afterEach(async () => {
    await scene.bothServe();
    expect(await scene.neighbour.received('/ask/')).not.toEqual([]);
    expect(await scene.neighbour.received('/play/')).toEqual([]);
    expect(scene.platform.process).toMatchObject({ pid, exitCode: null, signalCode: null });
    await growth();
  });

  afterAll(() => scene.stop());

  const play = (steps: readonly Step[], { caller }: Account = scene.alice): Promise<Answer> =>
    caller.ask(scene.attacker.hosted(script(...steps)));

  it.each(unreadable)('is told as 502 when it answers with %s [PROXY-1]', async (_name, ...steps) => {
    expect(told(await play(steps))).toEqual([502, 'ERR_PROXY_ANSWER']);
  });

  it.each(closing)('is told as 502 when it answers with %s [PROXY-1]', async (_name, ...steps) => {
    expect(told(await play(steps))).toEqual([502, 'ERR_PROXY_RESET']);
  });

  it.each(broken)('brings an answer that does not look whole when it sends %s [PROXY-1]', async (_name, ...steps) => {
    // A reset may overtake the head.
    expect(['cut', [502, 'ERR_PROXY_RESET']]).toContainEqual(told(await play(steps)));
  });

  it('is given up when it is silent [PROXY-1]', async () => {
    const outcomes = await Promise.all(silent.map(async ([name, , ...steps]) => [name, told(await play(steps))]));
    expect(outcomes).toEqual(silent.map(([name, outcome]) => [name, outcome === 504 ? [504, 'ERR_PROXY_TIMEOUT'] : outcome]));
  });

  it('is waited for when it is only slow [PROXY-1]', async () => {
    const answer = await play([`${counted}Content-Length: 12\r\n\r\n`, { drip: 'slow', everyMs: 200, times: 3 }]);
    expect(answer).toMatchObject({ status: 200, body: 'slowslowslow', whole: true });
  });

  it.each<[string, string]>([
    ['another answer', `${counted}Content-Length: 6\r\n\r\npoison`],
    ['half of another answer', `${counted}Content-Length: 6\r\n\r\npoi`],
    ['a body longer than it said', 'poison'],
    ['a line of its own', '\r\n\r\n'],
  ])('answers nobody but its caller when %s follows the answer [PROXY-1]', async (_name, more) => {
    for (let round = 0; round < 20; round += 1) {
      const first = await play([`${counted}Content-Length: 2\r\n\r\n{}${more}`]);
      expect(first).toMatchObject({ status: 200, body: '{}', whole: true });
      const path = `/round/${round}`;
      expect(seenIn(await scene.bob.caller.ask(scene.attacker.hosted(path)))).toMatchObject({ url: path });
    }
  });

  it('keeps nobody else waiting while 300 of its calls wait [PROXY-1]', async () => {
    const waiting = Promise.all(Array.from({ length: 300 }, () => play([{ ending: 'hang' }])));
    await waitFor('all calls at the attacker', async () => ((await playing(scene)).running === 300 ? true : undefined));
    await scene.bothServe();
    expect((await playing(scene)).running).toBe(300);
    expect(new Set((await waiting).map(({ status }) => status))).toEqual(new Set([504]));
    await noneRun();
  });

  it.each(floods)(
    'is read no faster than its caller reads, and not at all once the caller has left: %s [PROXY-1]',
    async (_name, ...steps) => {
      const headers = `Host: 127.0.0.1\r\nAccept: text/event-stream\r\nx-runlayer-api-key: ${scene.alice.key}`;
      const sockets = Array.from({ length: 8 }, () => openRaw(scene.platform.port).pause());
      for (const socket of sockets) socket.write(`GET ${scene.attacker.hosted(script(...steps))} HTTP/1.1\r\n${headers}\r\n\r\n`);
      await waitFor('the flood', async () => ((await playing(scene)).running === 8 ? true : undefined));
      const written = await settled(async () => (await playing(scene)).written);
      await staysSmall();

      let read = 0;
      sockets[0]?.on('data', (chunk) => (read += chunk.length)).resume();
      await waitFor('200 MB', () => (read > 200 * megabyte ? true : undefined));
      expect((await playing(scene)).written).toBeGreaterThan(written);
      await staysSmall();
      for (const socket of sockets) socket.destroy();
      await noneRun();
    },
  );

  it('is sent no more of a body than it takes, and is given up [PROXY-1]', async () => {
    const socket = openRaw(scene.platform.port);
    const headers = `Host: 127.0.0.1\r\nTransfer-Encoding: chunked\r\nx-runlayer-api-key: ${scene.alice.key}`;
    socket.write(`POST ${scene.attacker.hosted('/deaf')} HTTP/1.1\r\n${headers}\r\n\r\n`);
    const chunk = `10000\r\n${'a'.repeat(65_536)}\r\n`;
    let sent = 0;
    const pour = (): void => {
      while (sent < 200 * megabyte && !socket.destroyed && socket.write(chunk)) sent += chunk.length;
    };
    socket.on('drain', pour);
    pour();
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 504 /);
    expect(sent).toBeLessThan(64 * megabyte);
    await staysSmall();
    socket.destroy();
  });

  it('makes the server no larger in 1,000 rounds of everything that it has [PROXY-1]', async () => {
    const all = [...unreadable, ...closing, ...broken].map(([, ...steps]) => steps);
    let turn = 0;
    const round = async (count: number): Promise<void> => {
      const end = turn + count;
      const people = [scene.alice, scene.bob, scene.agent];
      const player = async (): Promise<void> => {
        for (let mine = turn++; mine < end; mine = turn++) await play(all[mine % all.length] ?? [], people[mine % people.length]);
      };
      await Promise.all(Array.from({ length: 8 }, player));
      turn = end;
    };
    await round(200);
    const files = await openFiles(scene.platform);
    await round(1_000);
    await staysSmall();
    await noneRun();
    expect(await openFiles(scene.platform)).toBeLessThan(files + 50);
    expect(scene.platform.output()).not.toMatch(/ERR_PROXY_INTERNAL|"level":"error"/);
  });

  it.each([
    ['Content-Type', 'a', '\t', 'b'],
    ['Content-Type', 'a,"', '\\"', ''],
    ['Content-Type', 'a', ',', ''],
    ['Connection', 'a', ',a', ''],
    ['Keep-Alive', 'timeout=', '1', ''],
    ['Location', '', '../', ''],
    ['Location', '/', '%2e', ''],
    ['WWW-Authenticate', 'Bearer ', 'resource_metadata="', ''],
    ['WWW-Authenticate', 'resource_metadata="', '\\"', ''],
    ['WWW-Authenticate', 'resource_metadata', ' ', 'x'],
    ['Set-Cookie', '', '=', ''],
    ['Set-Cookie', '', '; path=/', ''],
    ['Set-Cookie', '', ' =', ''],
  ])('does not keep the server busy with 60 KB in %s: %j, %j, %j [PROXY-1]', async (name, first, repeat, last) => {
    const times = Math.floor(60_000 / repeat.length);
    const began = performance.now();
    const { status } = await play([`HTTP/1.1 401 No\r\n${name}: ${first}`, { repeat, times }, `${last}\r\nContent-Length: 0\r\n\r\n`]);
    expect(performance.now() - began).toBeLessThan(1_500);
    expect([401, 502]).toContain(status);
  });

  it.each([301, 302, 303, 307, 308])('P10: sends nobody who has a key anywhere else with %i [PROXY-1]', async (status) => {
    const { platform, attacker, neighbour } = scene;
    const places = [
      `${platform.url}${neighbour.hosted('/stolen')}`,
      `${platform.url}/api/v1/deployments/${neighbour.id}`,
      'http://169.254.169.254/latest/meta-data/',
      '//evil.example.com/',
      'http://127.0.0.1:2375/containers/json',
      `${attacker.hosted('/%2e%2e/')}${neighbour.id}/stolen`,
      '../'.repeat(9) + neighbour.hosted('/stolen').slice(1),
      'javascript:alert(1)',
    ];
    for (const place of places) {
      const answer = await play([`HTTP/1.1 ${status} Moved\r\nLocation: ${place}\r\nContent-Length: 0\r\n\r\n`]);
      expect([place, told(answer)]).toEqual([place, [502, 'ERR_PROXY_REDIRECT']]);
    }
    const twice = await play([`HTTP/1.1 ${status} Moved\r\nLocation: /own\r\nlocation: //evil.example.com/\r\nContent-Length: 0\r\n\r\n`]);
    expect(told(twice)).toEqual([502, 'ERR_PROXY_REDIRECT']);
    expect(await neighbour.received('/stolen')).toEqual([]);
  });

  it('P11: takes nothing of the shared origin for itself [PROXY-1]', async () => {
    const prefix = scene.attacker.hosted('');
    const taken = [
      'Set-Cookie: runlayer_session=stolen; Path=/',
      'Set-Cookie: __Host-runlayer_session=stolen; Path=/; Secure',
      'Set-Cookie: =runlayer_session=stolen',
      'Strict-Transport-Security: max-age=31536000',
      'Service-Worker-Allowed: /',
      'Clear-Site-Data: "*"',
      'Access-Control-Allow-Origin: *',
      'Access-Control-Allow-Credentials: true',
      'Alt-Svc: h3=":443"',
      'X-Runlayer-Origin: platform',
      'Upgrade: websocket',
      'Keep-Alive: timeout=9999',
      'Connection: keep-alive, x-other',
      'X-Other: nominated',
    ];
    const cookies = ['own=1; Domain=example.com; Path=/', `other=1; Path=${scene.neighbour.hosted('')}`].map(
      (value) => `Set-Cookie: ${value}`,
    );
    const lines = [...taken, ...cookies, 'X-Kept: yes'];
    const answer = await play([`${ok}Content-Type: text/html\r\nContent-Length: 0\r\n${lines.join('\r\n')}\r\n\r\n`]);
    const names = ['content-type', 'content-length', 'content-security-policy', 'x-request-id', 'x-kept', 'set-cookie'];
    expect(Object.keys(answer.headers).toSorted()).toEqual([...names, 'connection', 'date', 'keep-alive'].toSorted());
    expect(answer.headers['content-security-policy']).toMatch(/^sandbox(?!.*allow-same-origin)/);
    expect(answer.headers['keep-alive']).not.toContain('9999');
    expect(answer.headers['set-cookie']).toEqual([`own=1; Path=${prefix}/`, `other=1; Path=${prefix}${scene.neighbour.hosted('')}`]);
  });

  it.each([
    ['application/json; a=b, text/html'],
    ['application/json; a="b, text/html'],
    ['text/html\r\nContent-Type: application/json'],
    ['application/json\r\nContent-Type: text/html'],
  ])('P11: runs no document as one of the platform when its type is %j [PROXY-1]', async (type) => {
    const document = '<script>alert(1)</script>';
    expect(told(await play([`${ok}Content-Type: ${type}\r\nContent-Length: ${document.length}\r\n\r\n${document}`]))).toEqual([
      502,
      'ERR_PROXY_ANSWER',
    ]);
  });

  it.each([
    ['text/html', []],
    ['image/svg+xml', []],
    ['', []],
    ['\u00a0application/json', []],
    ['application/json\u00a0; a=b', []],
    ['application/json', ['Connection: Content-Type']],
    ['application/json', ['Connection: close, content-security-policy, x-content-type-options, content-type']],
    ['text/plain', ['X-Content-Type-Options: none']],
    ['text/plain', ['Connection: X-Content-Type-Options, Content-Type', 'X-Content-Type-Options: none']],
  ])('P11: lets no browser guess what it sent: type %j, %j [PROXY-1]', async (type, more) => {
    const document = '<script>alert(1)</script>';
    const head = [`Content-Type: ${type}`, `Content-Length: ${document.length}`, ...more].join('\r\n');
    const { headers, body, whole } = await play([`${ok}${head}\r\n\r\n${document}`]);
    expect({ body, whole }).toEqual({ body: document, whole: true });
    const isSandboxed = /^sandbox(?!.*allow-same-origin)/.test(String(headers['content-security-policy']));
    expect(isSandboxed || ['application/json', 'text/plain'].includes(headers['content-type'] ?? '')).toBe(true);
    if (headers['content-type'] === 'text/plain') expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff' });
  });

  it.each(endpointEvents)('cannot have messages posted elsewhere by %s [PROXY-1]', async (_name, ...steps) => {
    const { attacker, neighbour, platform, alice } = scene;
    const stream = steps.map((step) => (typeof step === 'string' ? step.replaceAll('VICTIM', neighbour.id) : step));
    const path = attacker.hosted(script(...stream, { ending: 'end' }));
    const answer = await alice.caller.ask(path, { headers: { accept: 'text/event-stream' } });
    const below = `${platform.url}${attacker.hosted('')}/`;
    expect(endpointsIn(answer, platform.url + path).filter((endpoint) => !endpoint.startsWith(below))).toEqual([]);
  });

  it('reaches neither its neighbour nor the platform from within [PROXY-1]', async () => {
    const { platform, attacker, neighbour, alice } = scene;
    const [container] = await containersOf(neighbour.id);
    const network = Object.values(container?.NetworkSettings.Networks ?? {})[0];
    const keys = new URL(seenIn(await alice.caller.ask(attacker.hosted('/'))).env['RUNLAYER_IDENTITY_JWKS_URL'] ?? '');
    const gateway = network?.Gateway ?? '';
    const name = container?.Names[0]?.slice(1) ?? '';
    const places = [
      { host: network?.IPAddress ?? '', port: 8000 },
      { host: name, port: 8000 },
      { host: gateway, port: platform.port },
      { host: 'host.docker.internal', port: platform.port },
      { host: '127.0.0.1', port: platform.port },
      { host: gateway, port: 2375 },
    ];
    const own = [
      '/',
      '/api/v1/deployments',
      '/metrics',
      attacker.hosted('/'),
      '/../api/v1/users',
      `http://127.0.0.1:${platform.port}/health`,
    ];
    const atKeys = own.map((path) => ({ host: keys.hostname, port: Number(keys.port), path }));
    const path = `/reach/${Buffer.from(JSON.stringify([...places, ...atKeys])).toString('base64url')}`;
    const reached = JSON.parse((await alice.caller.ask(attacker.hosted(path))).body) as { answer?: string; path: string; host: string }[];
    expect(reached.slice(0, places.length).filter(({ answer }) => answer !== undefined)).toEqual([]);
    expect(reached.slice(places.length).map(({ answer }) => answer?.slice(9, 12))).toEqual(own.map(() => '404'));
    expect(await neighbour.received('GET / HTTP/1.1\r\nHost: ' + (network?.IPAddress ?? ''))).toEqual([]);
  });

  /** Bytes that the server has more than it ever had at its smallest. */
  async function growth(): Promise<number> {
    const now = await memoryOf(scene.platform);
    smallest = Math.min(smallest, now);
    return now - smallest;
  }

  /** What the collector has not yet taken is no growth, but it is bounded too. */
  async function staysSmall(): Promise<void> {
    expect(await growth()).toBeLessThan(384 * megabyte);
    let grown = 0;
    await waitFor('memory that is given back', async () => {
      await scene.bothServe();
      grown = await growth();
      return grown < 128 * megabyte ? true : undefined;
    }).catch((error: unknown) => {
      throw new Error(`${Math.round(grown / megabyte)} MB are still kept`, { cause: error });
    });
  }

  async function noneRun(): Promise<void> {
    await waitFor('the end of all scripts', async () => ((await playing(scene)).running === 0 ? true : undefined));
  }
});

/** Status and code of the platform's own answer, or `cut`. */
function told({ status, body, whole, headers }: Answer): unknown {
  if (!whole) return 'cut';
  if (headers['x-runlayer-origin'] !== 'platform') return { status, body };
  return [status, (JSON.parse(body) as { code?: unknown }).code];
}

/** The number, once it does not change any more. */
async function settled(ask: () => Promise<number>): Promise<number> {
  let last = -1;
  let same = 0;
  return waitFor('an end of the change', async () => {
    const now = await ask();
    same = now === last ? same + 1 : 0;
    last = now;
    return same === 4 ? now : undefined;
  });
}
