// Clients that nobody here wrote, against servers that nobody here changed, through the real server and both kinds of URL.
import { pythonEnvironment, startPlatform, waitFor, type Platform } from '@runlayer/local-platform';
import { describeWith, dockerMissing } from '@runlayer/test-services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { capabilities, type CapabilityName } from './clients/capabilities.ts';
import { openInspector } from './clients/inspector.ts';
import { openMcpRemote } from './clients/mcp-remote.ts';
import { startPythonClients, type PythonClients } from './clients/python.ts';
import { openScene, type Scene, type Stage } from './clients/scene.ts';
import type { Open } from './clients/session.ts';
import { openTypeScript1 } from './clients/typescript-1.ts';
import { openTypeScript2 } from './clients/typescript-2.ts';
import { deployUpstreams, type Upstreams, type UrlKind } from './clients/upstreams.ts';

const environments = await Promise.all(
  ['tests/python/published-client.txt', 'tests/python/requirements.txt'].map((file) => pythonEnvironment(file)),
);
const missing = environments.find((environment) => typeof environment === 'string') ?? (await dockerMissing());

const everything = {
  listed: ['echo', 'get-sum', 'trigger-long-running-operation'],
  call: ['get-sum', { a: 20, b: 22 }, '42'],
  asksModel: ['trigger-sampling-request', { prompt: 'What is it about?', maxTokens: 20 }],
  asksUser: ['trigger-elicitation-request', {}],
} as const;

const stages = {
  'a server with sessions': { ...everything, transport: 'http', general: 'everything-http', steps: 'sessions' },
  'an HTTP+SSE server': { ...everything, transport: 'sse', general: 'everything-sse', steps: 'sessions-sse' },
  'a server of 2026-07-28': {
    transport: 'http',
    general: 'stateless',
    steps: 'stateless',
    listed: ['steps', 'ask_model', 'ask_user'],
    call: ['steps', { label: 'none', count: 0 }, 'none: all 0 steps'],
    asksModel: ['ask_model', {}],
    asksUser: ['ask_user', {}],
  },
} as const satisfies Record<string, Stage>;
type StageName = keyof typeof stages;

const names = Object.keys(capabilities) as CapabilityName[];
const without = (...left: CapabilityName[]): CapabilityName[] => names.filter((name) => !left.includes(name));
const cut = 'gets the one result of a call whose connection was cut';
const outside = 'hears what is told outside of calls';
const inSse = without(cut);
const inModern = without(cut, outside, 'ends its session');
const plain: CapabilityName[] = ['lists and calls tools'];

/** Who can do what: what is left out is not in that client or not in that revision. */
const table: readonly (readonly [client: string, stage: StageName, can: readonly CapabilityName[]])[] = [
  ['TypeScript SDK 1.x', 'a server with sessions', names],
  ['TypeScript SDK 1.x', 'an HTTP+SSE server', inSse],
  ['TypeScript SDK 1.x', 'a server of 2026-07-28', ['lists and calls tools', 'sees progress while the call runs']],
  ['TypeScript SDK 2.x', 'a server with sessions', names],
  ['TypeScript SDK 2.x', 'an HTTP+SSE server', inSse],
  ['TypeScript SDK 2.x', 'a server of 2026-07-28', ['lists and calls tools', 'sees progress while the call runs']],
  ['TypeScript SDK 2.x that asks first', 'a server with sessions', names],
  ['TypeScript SDK 2.x that asks first', 'a server of 2026-07-28', inModern],
  ['TypeScript SDK 2.x pinned to 2026-07-28', 'a server of 2026-07-28', inModern],
  ['Python mcp 1.x', 'a server with sessions', names],
  ['Python mcp 1.x', 'an HTTP+SSE server', inSse],
  ['FastMCP 2.x', 'a server with sessions', names],
  ['FastMCP 2.x', 'an HTTP+SSE server', inSse],
  ['Python mcp 2.x', 'a server with sessions', names],
  ['Python mcp 2.x', 'an HTTP+SSE server', inSse],
  ['Python mcp 2.x pinned to 2026-07-28', 'a server of 2026-07-28', inModern],
  ['FastMCP 4.x', 'a server with sessions', names],
  ['FastMCP 4.x', 'an HTTP+SSE server', inSse],
  ['FastMCP 4.x', 'a server of 2026-07-28', inModern],
  ['mcp-remote', 'a server with sessions', without('ends its session')],
  ['mcp-remote', 'an HTTP+SSE server', inSse],
  ['MCP Inspector', 'a server with sessions', ['lists and calls tools', cut]],
  ['MCP Inspector', 'an HTTP+SSE server', plain],
  ['MCP Inspector pinned to 2026-07-28', 'a server of 2026-07-28', plain],
];

const kinds: readonly UrlKind[] = ['deployment', 'connector'];

describeWith(missing, 'MCP clients through the proxy', () => {
  let platform: Platform;
  let upstreams: Upstreams;
  let pythons: readonly PythonClients[] = [];
  let clients: Record<string, Open> = {};
  const scenes = new Map<string, Promise<Scene>>();

  beforeAll(async () => {
    platform = await startPlatform();
    upstreams = await deployUpstreams(platform);
    pythons = environments.map((made, index) => startPythonClients(typeof made === 'string' ? '' : made.python, index === 0 ? 1 : 2));
    const [first, second] = pythons as [PythonClients, PythonClients];
    clients = {
      'TypeScript SDK 1.x': openTypeScript1,
      'TypeScript SDK 2.x': openTypeScript2('legacy'),
      'TypeScript SDK 2.x that asks first': openTypeScript2('auto'),
      'TypeScript SDK 2.x pinned to 2026-07-28': openTypeScript2({ pin: '2026-07-28' }),
      'Python mcp 1.x': first.open('mcp'),
      'FastMCP 2.x': first.open('fastmcp'),
      'Python mcp 2.x': second.open('mcp'),
      'Python mcp 2.x pinned to 2026-07-28': second.open('mcp', '2026-07-28'),
      'FastMCP 4.x': second.open('fastmcp', 'auto'),
      'mcp-remote': openMcpRemote,
      'MCP Inspector': openInspector('legacy'),
      'MCP Inspector pinned to 2026-07-28': openInspector('modern'),
    };
  });

  afterAll(async () => {
    try {
      await Promise.all([...scenes.values()].map(async (scene) => (await scene).close()));
      await Promise.all(pythons.map((python) => python.stop()));
      await upstreams.remove();
    } finally {
      await platform.stop();
    }
  });

  /** The scene of a client, opened by the first test that needs it. */
  function sceneOf(client: string, stage: StageName, kind: UrlKind): Promise<Scene> {
    const key = [client, stage, kind].join();
    const scene = scenes.get(key) ?? openScene(platform, upstreams, stages[stage], kind, clients[client] as Open);
    scenes.set(key, scene);
    return scene;
  }

  describe.each(table)('%s against %s', (client, stage, can) => {
    const cases = can.flatMap((capability) => kinds.map((kind) => [capability, kind] as const));
    it.concurrent.each(cases)('%s at the %s URL [PROXY-1]', async (capability, kind) => {
      await capabilities[capability](await sceneOf(client, stage, kind));
    });
  });

  it('brings one event to every stream of subscriptions/listen, and the server learns which are closed [PROXY-1]', async () => {
    const listeners = [
      'TypeScript SDK 2.x pinned to 2026-07-28',
      'TypeScript SDK 2.x that asks first',
      'Python mcp 2.x pinned to 2026-07-28',
    ];
    const found = await Promise.all(listeners.flatMap((client) => kinds.map((kind) => sceneOf(client, 'a server of 2026-07-28', kind))));
    const upstream = upstreams.of('stateless');
    const label = 'subscriptions';
    const stops = await Promise.all(found.map(async ({ general }) => general.listen?.()));
    expect(await upstream.ledger(label)).toMatchObject({ subscriptions: found.length });
    await upstream.ledger(label, 'announce');
    await waitFor('every client hearing of it', () => found.every(({ general }) => general.heard.length > 0) || undefined);
    expect(found.map(({ general }) => general.heard.length)).toEqual(found.map(() => 1));
    for (const stop of stops) await stop?.();
    await upstream.until(label, 'the end of the streams', ({ subscriptions }) => subscriptions === 0);
  });
});
