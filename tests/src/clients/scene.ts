// One client on one kind of URL: connected to the public server and to the fixture.
import type { Platform } from '@runlayer/local-platform';
import { startRelay, type Relay } from './relay.ts';
import type { McpClient, Open } from './session.ts';
import type { Upstream, UpstreamName, Upstreams, UrlKind } from './upstreams.ts';

/** A tool of the public server, with arguments for it. */
export type Question = readonly [name: string, args: Record<string, unknown>];

/** A way to talk to servers: a transport of a revision, and who serves it. */
export interface Stage {
  readonly transport: 'http' | 'sse';
  /** The server that lists, calls and asks. */
  readonly general: UpstreamName;
  /** The server with the tool `steps` and its ledger. */
  readonly steps: UpstreamName;
  readonly listed: readonly string[];
  readonly call: readonly [...Question, answer: string];
  readonly asksModel: Question;
  readonly asksUser: Question;
}

export interface Scene {
  readonly stage: Stage;
  readonly general: McpClient;
  readonly steps: McpClient;
  readonly upstream: Upstream;
  /** A label that no other call has. */
  label(): string;
  /** One more client of the same kind to the fixture, through a relay whose connections can be cut. */
  behindRelay(): Promise<{ readonly client: McpClient; readonly relay: Relay }>;
  close(): Promise<void>;
}

let labels = 0;

export async function openScene(platform: Platform, upstreams: Upstreams, stage: Stage, kind: UrlKind, open: Open): Promise<Scene> {
  const connect = (name: UpstreamName, port = platform.port): Promise<McpClient> =>
    open({
      url: `http://127.0.0.1:${port}${upstreams.of(name).path(kind)}`,
      headers: { 'x-runlayer-api-key': platform.adminKey },
      transport: stage.transport,
    });
  const [general, steps] = await Promise.all([connect(stage.general), connect(stage.steps)]);
  return {
    stage,
    general,
    steps,
    upstream: upstreams.of(stage.steps),
    label: () => `call-${(labels += 1)}`,
    async behindRelay() {
      const relay = await startRelay(platform.port);
      return { relay, client: await connect(stage.steps, relay.port) };
    },
    async close() {
      await Promise.all([general.close(), steps.close()]);
    },
  };
}
