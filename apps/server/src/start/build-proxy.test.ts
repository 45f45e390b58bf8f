// The proxy as the server runs it, while the process cannot know which key signs.
import { createServer, type Server } from 'node:http';
import { controlPlaneErrors } from '@runlayer/control-plane';
import { errorMaker } from '@runlayer/errors';
import { generateSigningKey } from '@runlayer/identity-forward/sign';
import type { ProxyRoute } from '@runlayer/proxy';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLog } from '../http/logger.ts';
import { readSettings } from '../settings/read-settings.ts';
import { createWorkerKey, type WorkerKey } from '../workers/worker-key.ts';
import { buildProxy } from './build-proxy.ts';
import { createFrontDoor } from './front-door.ts';
import { listen } from './listen.ts';
import { stopServing } from './stop-serving.ts';

const ids = { token: '11111111-1111-4111-8111-111111111111', none: '22222222-2222-4222-8222-222222222222' };
const clock = { steady: 0, wall: 0 };
const signing = generateSigningKey();
let primary: () => unknown = () => signing;
let asked = 0;
let called = 0;
let key: WorkerKey;
let url: string;
const servers: Server[] = [];

beforeAll(async () => {
  const upstream = createServer((_request, response) => {
    called += 1;
    response.end('{}');
  });
  const origin = `http://127.0.0.1:${await listen(upstream, '127.0.0.1', 0)}`;
  key = await createWorkerKey((async () => ((asked += 1), primary())) as never, { now: () => ({ ...clock }), askEveryMs: 1 });
  const door = createFrontDoor();
  const log = createLog('silent', { write() {} });
  const settings = readSettings({});
  const connector = (id: string): ProxyRoute => ({
    id,
    organizationId: 'o',
    serverId: id,
    endpoints: [],
    origin,
    mcpPath: '/mcp',
    expose: [],
    forward: { headers: false, token: id === ids.token },
  });
  const sources = {
    routes: { deployment: () => undefined, connector },
    authenticate: async () => ({
      organizationId: 'o',
      subject: { subjectType: 'user' as const, organizationId: 'o', userId: 'u', userEmail: 'e' },
      mayCall: true,
    }),
    signingKey: () => key.current(),
    sessions: { find: async () => [], write: async () => {} },
  };
  const { proxy } = buildProxy(settings, 'http://127.0.0.1:8080', sources, log);
  door.open({ proxy, api: () => {} });
  url = `http://127.0.0.1:${await listen(door.server, '127.0.0.1', 0)}`;
  servers.push(door.server, upstream);
});
afterAll(async () => {
  key.stop();
  await Promise.all(servers.map((server) => stopServing(server, 0)));
});

const call = (id: string) =>
  fetch(`${url}/api/v1/proxy/${id}/mcp`, { method: 'POST', headers: { 'x-runlayer-api-key': 'rl_user_any' }, body: '{}' });

const cannotTell = [
  [
    'the primary cannot know its key',
    'ERR_SIGNING_KEYS_STALE',
    () => {
      throw errorMaker(controlPlaneErrors)('ERR_SIGNING_KEYS_STALE', 'The signing keys could not be read for 45 minutes.');
    },
  ],
  [
    'the primary tells nothing for a minute',
    'ERR_WORKER_KEY',
    () => {
      throw new Error('The primary process did not answer.');
    },
  ],
] as const;

it.each(cannotTell)(
  'answers 503 and sends nothing without its token when %s; other routes go on [ID-1, ID-4]',
  async (_name, code, answer) => {
    primary = () => signing;
    await expect.poll(async () => (await call(ids.token)).status).toBe(200);
    primary = answer;
    const before = asked;
    await expect.poll(() => asked).toBeGreaterThan(before + 1);
    clock.steady += 61_000;
    const sent = called;
    const refused = await call(ids.token);
    expect([refused.status, refused.headers.get('retry-after'), called]).toEqual([503, '5', sent]);
    expect(await refused.json()).toMatchObject({ code });
    expect((await call(ids.none)).status).toBe(200);
  },
);
