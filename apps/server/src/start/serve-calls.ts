// Opens the platform to callers: in this process, or in workers that share its port.
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ControlPlane } from '@runlayer/control-plane';
import type { Signer } from '@runlayer/identity-forward/sign';
import type { Log } from '../http/logger.ts';
import type { Settings } from '../settings/read-settings.ts';
import { sumMetrics } from '../workers/sum-metrics.ts';
import { startWorkers } from '../workers/workers.ts';
import { buildProxy, ownSources } from './build-proxy.ts';
import { type Behind, createFrontDoor, type FrontDoor } from './front-door.ts';
import { metricsText } from './metrics.ts';
import { stopServing } from './stop-serving.ts';

/** The open platform. */
export interface Serving {
  /** Numbers of the proxy and its connections, of all processes. */
  readonly metrics: () => Promise<string>;
  /** Takes no more calls and lets running ones end for as long as the settings give them. */
  stop(): Promise<void>;
}

/** What {@link serveCalls} works with. */
export interface ServeParts {
  readonly settings: Settings;
  readonly url: string;
  readonly port: number;
  /** Listens on the port already. */
  readonly door: FrontDoor;
  readonly controlPlane: ControlPlane;
  /** Mints identity tokens in this process. */
  readonly signer: Signer;
  readonly api: Behind['api'];
  readonly log: Log;
}

/** Opens the door; resolves when calls are answered. */
export function serveCalls(parts: ServeParts): Promise<Serving> {
  return parts.settings.workers > 1 ? serveByWorkers(parts) : serveHere(parts);
}

async function serveHere({ settings, url, door, controlPlane, signer, api, log }: ServeParts): Promise<Serving> {
  const { proxy, metrics } = buildProxy(settings, url, ownSources(controlPlane), log, signer);
  // A revoked key ends its open streams too, not only its next call.
  controlPlane.onCredentialsChange(() => proxy.invalidate());
  door.open({ proxy, api });
  return {
    metrics: () => metricsText({ door, log, texts: [metrics] }),
    stop: async () => void (await Promise.all([proxy.close(settings.drainMs), stopServing(door.server, settings.drainMs)])),
  };
}

/** Workers have the port and the proxy; everything else they hand to this process, over a socket that no other user can open. */
async function serveByWorkers({ settings, url, port, door, controlPlane, api, log }: ServeParts): Promise<Serving> {
  const folder = mkdtempSync(join(tmpdir(), 'runlayer-api-'));
  const apiSocket = join(folder, 'api');
  const inner = createFrontDoor(settings);
  inner.open({ proxy: noProxy, api });
  await new Promise<void>((resolve, reject) => inner.server.once('error', reject).listen(apiSocket, resolve));
  await stopServing(door.server, 0);
  const sources = ownSources(controlPlane);
  const workers = await startWorkers({ count: settings.workers, task: { url, port, apiSocket }, sources, controlPlane, log });
  return {
    metrics: async () => sumMetrics([await metricsText({ door: inner, log, texts: [] }), ...(await workers.metrics())]),
    async stop() {
      await workers.stop();
      await stopServing(inner.server, settings.drainMs);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const noProxy: Behind['proxy'] = {
  matches: () => false,
  handle: (_request, response) => void response.destroy(),
};
