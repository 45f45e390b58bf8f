// Requests that can be read in two ways, through the real server: P8 and P12 of the list of attacks on signed identity.
import { once } from 'node:events';
import { describeWith, dockerMissing } from '@runlayer/test-services';
import { expect, it } from 'vitest';
import { lines, openRaw, statusesIn } from './attacks-caller.ts';
import { bodies, smuggles } from './attacks-requests.ts';
import { type Scene } from './attacks-scene.ts';
import { useScene } from './attacks-stage.ts';

describeWith(await dockerMissing(), 'requests that can be read in two ways', () => {
  let scene: Scene;
  const { mark, say, keyLine } = useScene((started) => (scene = started));

  it.each<[string, (open: string, platform: string) => string]>([
    ['a NUL', (open) => `${open}%00`],
    ['an encoded slash', (open) => `${open}%2f`],
    ['an encoded tab', (open) => `${open}%09`],
    ['an encoded percent sign', (open) => `${open}%252f..`],
    ['a backslash', (open) => `${open}\\..\\mcp`],
    ['a fragment', (open) => `${open}#/../mcp`],
    ['an encoded way up', (open) => `${open}/%2e%2e/mcp`],
    ['overlong UTF-8', (open) => `${open}/%c0%ae%c0%ae/mcp`],
    ['a dot at its end', (open) => `${open}.`],
    ['a path above it', (open) => open.replace('/open', '/x/../open')],
    ['an id in capitals', (open) => open.replace(/hosted\/\S{36}/, (id) => id.toUpperCase().replace('HOSTED', 'hosted'))],
    ['two slashes before everything', (open) => `/${open}`],
    ['the whole address', (open, platform) => platform + open],
    ['an address with a user', (open, platform) => platform.replace('//', '//user@') + open],
    ['an address of another host', (open) => `http://evil.example.com${open}`],
    ['a scheme of its own', (open) => `file://${open}`],
  ])('P8: the exposed path with %s opens nothing [PROXY-2]', async (_name, spell) => {
    const { platform, attacker } = scene;
    const count = async (): Promise<number> => (await attacker.received('/open')).length + (await attacker.received('%2e')).length;
    const before = await count();
    const [status = 0] = statusesIn(await say(lines(`GET ${spell(attacker.hosted('/open'), platform.url)}`, ['Connection: close'])));
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(await count()).toBe(before);
  });

  it('P8: nobody without a key calls another method or path by a header [PROXY-2]', async () => {
    const path = `/open?${mark().slice(1)}`;
    const tricks = [
      'X-HTTP-Method-Override: DELETE',
      'X-HTTP-Method: DELETE',
      'X-Method-Override: DELETE',
      'X-Original-URL: /mcp',
      'X-Rewrite-URL: /mcp',
    ];
    const answer = await say(
      lines(`GET ${scene.attacker.hosted(path)}`, ['Connection: close', ...tricks, ...tricks.map((line) => line.replaceAll('-', '_'))]),
    );
    expect(statusesIn(answer)).toEqual([200]);
    const [raw = ''] = await scene.attacker.received(path);
    expect(raw).not.toMatch(/override|method.*delete|\/mcp/i);
  });

  it.each(smuggles)(
    'P12: a request with %s is refused with %i, and what hides in it is never sent [PROXY-1]',
    async (_name, status, build) => {
      const path = mark();
      const { attacker, neighbour } = scene;
      const head = (...given: readonly string[]): string => lines(`POST ${attacker.hosted(path)}`, [keyLine(), ...given]);
      const hidden = lines(`GET ${neighbour.hosted(path)}`, [keyLine(), 'Connection: close']);
      const answer = await say(build(head, hidden));
      expect(statusesIn(answer)).toEqual([status]);
      expect(answer).toMatch(/^Content-Type: application\/problem\+json\r$/m);
      expect(await neighbour.received(path)).toEqual([]);
      expect((await attacker.received(path)).filter((raw) => raw.includes('GET /'))).toEqual([]);
    },
  );

  it.each(bodies)('P12: a request in the body of another one, by %s, stays there [PROXY-1]', async (_name, build) => {
    const path = mark();
    const { attacker, neighbour } = scene;
    const head = (...given: readonly string[]): string => lines(`POST ${attacker.hosted(path)}`, [keyLine(), ...given]);
    const hidden = lines(`GET ${neighbour.hosted(path)}`, [keyLine()]);
    const request = build(head, hidden);
    // Node forgets what follows in the same read after an offer to change the protocol; RFC 9110 lets no client count on it.
    const isLast = /Connection: close|Upgrade:|HTTP\/1\.0/.test(request);
    const last = lines(`GET ${attacker.hosted(`${path}last`)}`, [keyLine(), 'Connection: close']);
    const answer = request.includes('Upgrade:') ? await firstAnswer(request) : await say(request, ...(isLast ? [] : [last]));
    expect(statusesIn(answer)).toEqual(isLast ? [200] : [200, 200]);
    expect(await neighbour.received(path)).toEqual([]);
    // They run at the same time, on connections of their own.
    const received = (await attacker.received(path)).toSorted().toReversed();
    expect(received.map((raw) => raw.split('\r\n', 1)[0])).toEqual([
      `POST ${path} HTTP/1.1`,
      ...(isLast ? [] : [`GET ${path}last HTTP/1.1`]),
    ]);
    expect(received[0]).toMatch(/\r\n\r\n[^]*(GET \/|1\r\nG)/);
  });

  it('P12: requests that follow each other on one connection are answered in their order, each by its own server [PROXY-1]', async () => {
    const { attacker, neighbour } = scene;
    const targets = Array.from({ length: 12 }, (_each, index) => ({ target: index % 2 === 0 ? attacker : neighbour, path: mark() }));
    const all = targets.map(({ target, path }, index) =>
      lines(`GET ${target.hosted(path)}`, [keyLine(), index === targets.length - 1 ? 'Connection: close' : 'X-A: a']),
    );
    const answer = await say(all.join(''));
    const labels = [...answer.matchAll(/"label":"(\w+)","url":"([^"]+)"/g)].map(([, label, url]) => [label, url]);
    expect(labels).toEqual(targets.map(({ target, path }) => [target === attacker ? 'attacker' : 'neighbour', path]));
  });

  /** Of a connection that stays open. */
  async function firstAnswer(bytes: string): Promise<string> {
    const socket = openRaw(scene.platform.port);
    socket.write(bytes, 'latin1');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    return answer.toString('latin1');
  }
});
