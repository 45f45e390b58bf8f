// What is told of images in registries outside ECR, on a small registry that asks who asks, redirects, lies and falls silent.
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createContext } from '../../calls/context.ts';
import { parseImageName } from '../image-name.ts';
import { settingsFrom } from '../../options.ts';
import { resolveImage } from '../registry-image.ts';
import { isAllowedAddress } from './allowed-address.ts';
import type { ImageLook } from './image-look.ts';
import { digestOf } from './manifest.ts';
import { lookAtOciImage } from './oci-image.ts';
import { challengeOf } from './registry-token.ts';

const given = { region: 'us-east-1', cluster: 'c', vpc: 'v', subnets: ['s'], proxySecurityGroup: 'g' };
const config = (architecture: string): string => JSON.stringify({ architecture, os: 'linux' });
const manifest = (text: string): string =>
  JSON.stringify({ schemaVersion: 2, config: { digest: digestOf(text), size: text.length }, layers: [] });
const index = (...architectures: string[]): string =>
  JSON.stringify({
    schemaVersion: 2,
    manifests: architectures.map((architecture) => ({ digest: digestOf(architecture), platform: { architecture } })),
  });

describe('an image in a registry outside ECR', () => {
  let server: Server;
  let host: string;
  /** What is at a path; what is not here is not there. */
  let content: Map<string, string | ((answer: ServerResponse, authorization: string | undefined) => void)>;
  let asked: { method?: string | undefined; path: string; authorization: string | undefined }[];

  beforeAll(async () => {
    server = createServer(({ method, url = '', headers }, answer) => {
      asked.push({ method, path: url, authorization: headers.authorization });
      const found = content.get(url.split('?')[0] ?? '');
      if (typeof found === 'function') return found(answer, headers.authorization);
      answer.writeHead(found === undefined ? 404 : 200).end(found ?? '{"errors":[{"code":"MANIFEST_UNKNOWN"}]}');
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    content = new Map();
    asked = [];
  });

  const context = (changes: { allowPrivateRegistries?: boolean } = {}, signal?: AbortSignal) =>
    createContext(settingsFrom({ ...given, allowPrivateRegistries: true, ...changes }), signal);
  const look = (rest: string, changes = {}): Promise<ImageLook> => lookAtOciImage(context(changes), parseImageName(`${host}/${rest}`)!);

  function put(place: string, text: string, blob?: string): string {
    content.set(`/v2/team/notes/manifests/${place}`, text).set(`/v2/team/notes/manifests/${digestOf(text)}`, text);
    if (blob !== undefined) content.set(`/v2/team/notes/blobs/${digestOf(blob)}`, blob);
    return digestOf(text);
  }

  it('is found by tag and by digest, with the processor that its configuration names [PLAT-4]', async () => {
    const digest = put('1.0', manifest(config('arm64')), config('arm64'));
    const found = { state: 'found', digest, architectures: ['arm64'] };
    expect(await look('team/notes:1.0')).toEqual(found);
    expect(await look(`team/notes@${digest}`)).toEqual(found);
  });

  it('is not fetched a second time where it is pinned, and is missed once it is gone', async () => {
    const digest = put('1.0', index('amd64'));
    const known = context();
    const name = parseImageName(`${host}/team/notes@${digest}`)!;
    const found = { state: 'found', digest, architectures: ['amd64'] };
    expect([await lookAtOciImage(known, name), await lookAtOciImage(known, name)]).toEqual([found, found]);
    expect(asked.map(({ method }) => method)).toEqual(['GET', 'HEAD']);
    content.clear();
    expect(await lookAtOciImage(known, name)).toEqual({ state: 'missing' });
  });

  it('for several platforms has those of its index, attestations left out', async () => {
    const digest = put('latest', index('amd64', 'arm64', 'unknown'));
    expect(await look('team/notes')).toEqual({ state: 'found', digest, architectures: ['amd64', 'arm64'] });
  });

  it.each([
    ['arm where there is one', index('amd64', 'arm64'), undefined, 'arm'],
    ['the one that is wanted', index('amd64', 'arm64'), 'x86', 'x86'],
    ['the one there is, whatever is wanted', index('amd64', 's390x'), 'arm', 'x86'],
  ] as const)('is resolved to its digest and to %s', async (_name, text, wanted, platform) => {
    const digest = put('1.0', text);
    expect(await resolveImage(context(), `${host}/team/notes:1.0`, wanted)).toEqual({ image: `${host}/team/notes@${digest}`, platform });
  });

  it('that is pinned and cannot be looked at is taken for the platform that is wanted, and for none otherwise', async () => {
    content.set(`/v2/team/notes/manifests/${digestOf('closed')}`, (answer) => void answer.writeHead(403).end());
    const image = `${host}/team/notes@${digestOf('closed')}`;
    expect(await resolveImage(context(), image, 'arm')).toEqual({ image, platform: 'arm' });
    await expect(resolveImage(context(), image, undefined)).rejects.toMatchObject({ code: 'ERR_AWS_IMAGE' });
  });

  it('is not resolved where it is not there, and is refused for a processor that Fargate lacks', async () => {
    expect(await resolveImage(context(), `${host}/team/notes:none`, undefined)).toBeUndefined();
    expect(await resolveImage(context(), `sha256:${'0'.repeat(64)}`, undefined)).toBeUndefined();
    put('1.0', index('s390x'));
    await expect(resolveImage(context(), `${host}/team/notes:1.0`, undefined)).rejects.toMatchObject({
      code: 'ERR_AWS_IMAGE',
      message: expect.stringContaining('s390x'),
    });
  });

  it('is asked for with the token that the registry gives to everybody, and with no wider one', async () => {
    const text = manifest(config('amd64'));
    const guarded = (body: string) => (answer: ServerResponse, authorization: string | undefined) => {
      const isOpen = authorization === 'Bearer for-all';
      const challenge = { 'www-authenticate': `Bearer realm="http://${host}/token",service="test",scope="repository:team/notes:push"` };
      answer.writeHead(isOpen ? 200 : 401, challenge).end(isOpen ? body : '');
    };
    content.set('/v2/team/notes/manifests/1.0', guarded(text));
    content.set(`/v2/team/notes/blobs/${digestOf(config('amd64'))}`, guarded(config('amd64')));
    content.set('/token', '{"token":"for-all"}');
    expect(await look('team/notes:1.0')).toMatchObject({ state: 'found', architectures: ['amd64'] });
    expect(asked.filter(({ path }) => path.startsWith('/token'))).toEqual([
      { method: 'GET', path: '/token?service=test&scope=repository%3Ateam%2Fnotes%3Apull', authorization: undefined },
    ]);
  });

  it.each([
    ['asks for a password', { 'www-authenticate': 'Basic realm="x"' }, 401],
    ['gives tokens to nobody', { 'www-authenticate': 'Bearer realm="TOKEN"' }, 401],
    ['forbids', {}, 403],
    ['is too busy', {}, 429],
    ['is broken', {}, 500],
  ])('is unknown, not missing, where the registry %s', async (_name, headers: Record<string, string>, status) => {
    const said = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value.replace('TOKEN', `http://${host}/denied`)]),
    );
    content.set('/denied', (answer) => void answer.writeHead(401).end());
    content.set('/v2/team/notes/manifests/1.0', (answer) => void answer.writeHead(status, said).end());
    expect(await look('team/notes:1.0')).toMatchObject({ state: 'unknown' });
  });

  it('keeps its token from the storage that the registry redirects to', async () => {
    const other = createServer((request, answer) => {
      asked.push({ path: 'storage', authorization: request.headers.authorization });
      answer.end(config('arm64'));
    });
    await new Promise<void>((resolve) => void other.listen(0, '127.0.0.1', resolve));
    const storage = `http://127.0.0.1:${(other.address() as AddressInfo).port}/x`;
    put('1.0', manifest(config('arm64')));
    const text = manifest(config('arm64'));
    const place = '/v2/team/notes/manifests/1.0';
    content.set('/token', '{"access_token":"secret"}');
    content.set(place, (answer, authorization) => {
      answer.writeHead(authorization === undefined ? 401 : 200, { 'www-authenticate': `Bearer realm="http://${host}/token"` });
      answer.end(authorization === undefined ? '' : text);
    });
    content.set(`/v2/team/notes/blobs/${digestOf(config('arm64'))}`, (answer) => void answer.writeHead(307, { location: storage }).end());
    expect(await look('team/notes:1.0')).toMatchObject({ architectures: ['arm64'] });
    expect(asked.at(-1)).toEqual({ path: 'storage', authorization: undefined });
    expect(asked.at(-2)?.authorization).toBe('Bearer secret');
    other.closeAllConnections();
    other.close();
  });

  it.each([
    ['gives more than a manifest may have', (answer: ServerResponse) => void answer.end('x'.repeat(5_000_000))],
    ['redirects for ever', (answer: ServerResponse) => void answer.writeHead(307, { location: '?again' }).end()],
    [
      'redirects to plain HTTP elsewhere',
      (answer: ServerResponse) => void answer.writeHead(307, { location: 'http://registry.example/' }).end(),
    ],
    ['redirects to metadata', (answer: ServerResponse) => void answer.writeHead(307, { location: 'https://169.254.169.254/' }).end()],
    ['redirects to nonsense', (answer: ServerResponse) => void answer.writeHead(307, { location: 'http://[' }).end()],
    ['hangs up', (answer: ServerResponse) => void answer.destroy()],
  ])('is unknown where the registry %s', async (_name, answer) => {
    content.set('/v2/team/notes/manifests/1.0', answer);
    expect(await look('team/notes:1.0')).toMatchObject({ state: 'unknown' });
    expect(asked.length).toBeLessThan(10);
  });

  it('is unknown where something else is given for its digest', async () => {
    content.set(`/v2/team/notes/manifests/${digestOf('wanted')}`, index('amd64'));
    expect(await look(`team/notes@${digestOf('wanted')}`)).toMatchObject({
      state: 'unknown',
      reason: expect.stringContaining('something else'),
    });
  });

  it('is unknown at what is no address', async () => {
    expect(await lookAtOciImage(context(), parseImageName('localhost:99999/team/notes')!)).toMatchObject({ state: 'unknown' });
  });

  it('is not asked for at a private address, unless that is allowed', async () => {
    expect(await look('team/notes:1.0', { allowPrivateRegistries: false })).toMatchObject({
      state: 'unknown',
      reason: expect.stringContaining('not public'),
    });
    const named = parseImageName(`localhost:${host.split(':')[1]}/team/notes`)!;
    expect(await lookAtOciImage(context({ allowPrivateRegistries: false }), named)).toMatchObject({
      reason: expect.stringContaining('not public'),
    });
    expect(asked).toEqual([]);
  });

  it('is not waited for once the caller gives up', async () => {
    content.set('/v2/team/notes/manifests/1.0', () => {});
    const stop = new AbortController();
    const looking = lookAtOciImage(context({}, stop.signal), parseImageName(`${host}/team/notes:1.0`)!);
    await expect.poll(() => asked.length).toBe(1);
    stop.abort(new Error('enough'));
    await expect(looking).rejects.toThrow('enough');
  });
});

it.each([
  ['8.8.8.8', false, true],
  ['2606:4700::1111', false, true],
  ['10.1.2.3', false, false],
  ['10.1.2.3', true, true],
  ['::1', false, false],
  ['fd00::1', false, false],
  ['::ffff:10.0.0.1', false, false],
  ['64:ff9b::a00:1', false, false],
  ['169.254.169.254', true, false],
  ['fe80::1%eth0', true, false],
  ['fd00:ec2::254', true, false],
  ['::ffff:169.254.169.254', true, false],
  ['168.63.129.16', true, false],
  ['registry.example', true, false],
])('lets a registry be at %s (private ones allowed: %s): %s', (address, allowPrivate, isAllowed) => {
  expect(isAllowedAddress(address, allowPrivate)).toBe(isAllowed);
});

it.each([
  ['Bearer realm="https://a.example/token",service="s",scope="x"', 'https://a.example/token', 's'],
  ['bearer realm="https://a.example/"', 'https://a.example/', undefined],
  ['Basic realm="https://a.example/"', undefined, undefined],
  ['Bearer realm="nonsense"', undefined, undefined],
  [undefined, undefined, undefined],
])('reads the challenge %s', (header, realm, service) => {
  const challenge = challengeOf(header);
  expect([challenge?.realm.href, challenge?.service]).toEqual([realm, service]);
});
