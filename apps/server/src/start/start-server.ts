// The composition root: builds every part from the settings, passes them in, and stops them in the reverse order.
import { type ControlPlane, createControlPlane, type Database } from '@runlayer/control-plane';
import { jwksPath } from '@runlayer/api';
import { createSigner } from '@runlayer/identity-forward/sign';
import { createApp } from '../http/app.ts';
import type { Log } from '../http/logger.ts';
import { createRequestMetrics } from '../http/request-metrics.ts';
import { allowsPrivateUpstreams, isLoopback, listenerUrl, listensBeyond, platformUrl } from '../settings/addresses.ts';
import type { Settings } from '../settings/read-settings.ts';
import { prepareDataFolder } from './data-folder.ts';
import { createFrontDoor } from './front-door.ts';
import { listen } from './listen.ts';
import { createLocalCallLog } from './local-call-log.ts';
import { createProcessMetrics } from './metrics-process.ts';
import { keepOwnAddress } from './own-address.ts';
import { readiness } from './readiness.ts';
import { serveCalls, type Serving } from './serve-calls.ts';
import { createStack, type Stack } from './stack.ts';
import { openSealer, openStorage } from './storage.ts';
import { stopServing } from './stop-serving.ts';
import type { Target } from './target.ts';
import { openWorkloadKeys, type WorkloadKeys } from './workload-keys.ts';

/** A running server. */
export interface RunningServer {
  /** Public address of the platform. */
  readonly url: string;
  readonly port: number;
  readonly controlPlane: ControlPlane;
  /** The first admin's key, when this start made it. */
  readonly generatedAdminApiKey: string | undefined;
  /** Why the target does not answer; left out when it does. */
  readonly targetFault: string | undefined;
  /** Takes no more calls, lets running ones end for up to ten seconds, stops the worker, closes the database. */
  stop(): Promise<void>;
}

/**
 * Starts the server. What was begun is undone when a later step fails.
 * @throws ERR_DATA_DIR, ERR_LISTEN, ERR_TABLES_FOLDER, and what opening the database and the control plane throw.
 */
export async function startServer(settings: Settings, target: Target, log: Log, version: string): Promise<RunningServer> {
  const stack = createStack();
  const { drainMs } = settings;
  try {
    prepareDataFolder(settings.dataDir);
    // The port first: it is the commonest fault, and cheap to find.
    const door = createFrontDoor(settings);
    const port = await listen(door.server, settings.listen, settings.port);
    stack.push(() => stopServing(door.server, drainMs));
    const url = platformUrl(settings, port);
    if (settings.url === undefined && listensBeyond(settings))
      log.warn('RUNLAYER_URL is not set: other machines get addresses of this one', { url });
    const database = await openStorage(settings);
    stack.push(() => database.close());
    if (database.kind === 'pglite') stack.push(keepOwnAddress(settings.dataDir, listenerUrl(settings.listen, port)));
    // Before the containers' next call; closed after whatever may still use them.
    stack.push(async () => target.tables?.close());
    await target.tables?.resume(log);
    const keys = await workloadKeys(settings, url, target, log, stack);
    const controlPlane = await buildControlPlane(settings, url, database, target, keys?.url, log);
    keys?.serve(controlPlane.signingKeys);
    const worker = await startWorker(controlPlane, stack);
    const checks = { database: () => database.ping(), worker, target: () => target.ping() };
    const processMetrics = createProcessMetrics(version);
    stack.push(async () => processMetrics.stop());
    const requests = createRequestMetrics();
    const signer = createSigner({ issuer: url, key: () => controlPlane.signingKeys.current() });
    let opened: Serving | undefined;
    const parts = {
      controlPlane,
      platformUrl: url,
      version,
      registryCredentials: () => target.registry.credentials(),
      readiness: () => readiness(checks),
      signer,
      logLocalCall: settings.accessLog ? createLocalCallLog(log) : undefined,
      countRequest: requests.observe,
      metrics: async () => [await opened?.metrics(), requests.text(), await processMetrics.text()].join(''),
    };
    const serving = await serveCalls({ settings, url, port, door, controlPlane, signer, api: createApp(parts, log), log });
    // Last in, first out: new calls are refused while running ones end, and only then does what they use go away.
    stack.push(() => serving.stop());
    opened = serving;
    const { target: engine } = (await readiness(checks)).parts;
    return {
      url,
      port,
      controlPlane,
      generatedAdminApiKey: controlPlane.bootstrap.generatedAdminApiKey,
      targetFault: engine.ok ? undefined : engine.detail,
      stop: () => stack.unwind(),
    };
  } catch (error) {
    await stack.unwind();
    throw error;
  }
}

/** Starts the worker; the answer rejects once it is stopped. */
async function startWorker(controlPlane: ControlPlane, stack: Stack): Promise<() => Promise<void>> {
  let works = true;
  await controlPlane.start();
  stack.push(() => {
    works = false;
    return controlPlane.stop();
  });
  return async () => {
    if (!works) throw new Error('the worker is stopped');
  };
}

/** Nothing to open where containers reach the platform by its own address. */
async function workloadKeys(settings: Settings, url: string, target: Target, log: Log, stack: Stack): Promise<WorkloadKeys | undefined> {
  if (settings.workloadUrl !== undefined || !isLoopback(url)) return undefined;
  if (target.bridgeAddress === undefined) {
    log.warn('RUNLAYER_URL is on loopback: containers cannot reach the platform, nor its identity keys', { url });
    return undefined;
  }
  const keys = await openWorkloadKeys(settings.dataDir, await target.bridgeAddress(), log);
  if (keys !== undefined) stack.push(() => stopServing(keys.server, 1000));
  return keys;
}

async function buildControlPlane(
  settings: Settings,
  url: string,
  database: Database,
  target: Target,
  keysUrl: string | undefined,
  log: Log,
): Promise<ControlPlane> {
  return createControlPlane({
    database,
    provisioner: target.provisioner,
    images: target.images,
    sealer: await openSealer(settings, database),
    platformUrl: url,
    defaultPlatform: await target.defaultPlatform(),
    jwksUrlForWorkloads: settings.workloadUrl === undefined ? keysUrl : settings.workloadUrl + jwksPath,
    registry: target.registry,
    allowPrivateUpstreams: allowsPrivateUpstreams(settings, url),
    bootstrap: { adminApiKey: settings.adminApiKey, adminEmail: settings.adminEmail, organizationName: settings.organization },
    worker: { drainMs: settings.sessionDrainMs, releaseTimeoutMs: target.releaseTimeoutMs },
    signingKeys: { leadSeconds: settings.keyLeadSeconds, rotateEveryDays: settings.keyRotationDays },
    logger: log,
  });
}
