// A worker: the proxy in a process of its own, on the port that all workers share.
import { createLog, errorFields } from '../http/logger.ts';
import { readSettings } from '../settings/read-settings.ts';
import { buildProxy, type ProxySources } from '../start/build-proxy.ts';
import { createFrontDoor } from '../start/front-door.ts';
import { listen } from '../start/listen.ts';
import { metricsText } from '../start/metrics.ts';
import { stopServing } from '../start/stop-serving.ts';
import { createLine } from './ask-primary.ts';
import { type FromPrimary, type FromWorker, taskVariable, type WorkerTask } from './messages.ts';
import { createPassToPrimary } from './pass-to-primary.ts';
import { createWorkerKey } from './worker-key.ts';
import { createWorkerRoutes } from './worker-routes.ts';

/** Serves until the primary process says stop, or is gone. */
export async function serveAsWorker(configFile: string | undefined): Promise<void> {
  const settings = readSettings(process.env, configFile);
  const task = JSON.parse(process.env[taskVariable] ?? '{}') as WorkerTask;
  const log = createLog(settings.logLevel);
  process.on('unhandledRejection', (reason) => log.error('unhandled rejection', errorFields(reason)));
  // A keystroke reaches every process of the terminal; the primary decides.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
  process.on('disconnect', () => process.exit(1));

  const send = (message: FromWorker): void => void process.send?.(message);
  const line = createLine(send);
  const routes = createWorkerRoutes(line.ask);
  const hear = (message: FromPrimary): void => {
    if (message.type === 'answer') line.heard(message);
  };
  process.on('message', hear);

  const key = await createWorkerKey(line.ask);
  const sources: ProxySources = {
    routes,
    authenticate: (credential) => line.ask('authenticate', { credential }),
    signingKey: () => key.current(),
    sessions: {
      find: (organizationId, fingerprint) => line.ask('findSessions', { organizationId, fingerprint }),
      write: (changes) => line.ask('writeSessions', { changes }),
    },
  };
  const { proxy, metrics } = buildProxy(settings, task.url, sources, log);
  const door = createFrontDoor(settings);
  door.open({ proxy, api: createPassToPrimary(task.apiSocket) });
  const tellMetrics = async (id: number): Promise<void> =>
    send({ type: 'metrics', id, text: await metricsText({ door, log, texts: [metrics] }) });
  await new Promise<void>((resolve, reject) => {
    process.on('message', (message: FromPrimary) => {
      if (message.type === 'routes-changed') routes.forget();
      else if (message.type === 'credentials-changed') proxy.invalidate();
      else if (message.type === 'metrics') void tellMetrics(message.id);
      else if (message.type === 'stop') resolve();
    });
    listen(door.server, settings.listen, task.port).then(() => send({ type: 'listening' }), reject);
  });
  await Promise.all([proxy.close(settings.drainMs), stopServing(door.server, settings.drainMs)]);
  await log.flush();
}
