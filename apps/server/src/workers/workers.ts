// The primary process's side of the workers: starts them, answers them, tells them what changed, starts those again that died.
import cluster, { type Worker } from 'node:cluster';
import type { ControlPlane } from '@runlayer/control-plane';
import { fail } from '../error-codes.ts';
import type { Log } from '../http/logger.ts';
import type { ProxySources } from '../start/build-proxy.ts';
import { within } from '../start/within.ts';
import { createAnswer } from './answer-workers.ts';
import { type FromPrimary, type FromWorker, taskVariable, type WorkerTask } from './messages.ts';

/** The running workers. */
export interface Workers {
  /** Metrics of each worker that answers within a second. */
  metrics(): Promise<string[]>;
  /** Lets running calls end for as long as workers give them, then ends every worker. */
  stop(): Promise<void>;
}

/** What {@link startWorkers} needs. */
export interface WorkersOptions {
  readonly count: number;
  readonly task: WorkerTask;
  readonly sources: ProxySources;
  readonly controlPlane: Pick<ControlPlane, 'routes' | 'signingKeys' | 'onCredentialsChange'>;
  readonly log: Log;
}

const startMs = 30_000;
const stopMs = 15_000;
const metricsMs = 1_000;
/** Milliseconds before a worker that died is started again; doubled as long as it dies at once. */
const againMs = 500;
const longestAgainMs = 30_000;

/** Starts the workers; resolves when all of them listen. @throws ERR_WORKER */
export async function startWorkers({ count, task, sources, controlPlane, log }: WorkersOptions): Promise<Workers> {
  const answer = createAnswer(sources, controlPlane);
  const asked = new Map<number, (text: string) => void>();
  const live = new Set<Worker>();
  let stopping = false;
  let lastAsked = 0;
  let delayMs = againMs;

  // All workers wait at one socket, and the kernel gives each connection to one that is free.
  cluster.schedulingPolicy = cluster.SCHED_NONE;

  function tell(worker: Worker, message: FromPrimary): void {
    if (worker.isConnected()) worker.send(message, () => {});
  }
  const tellAll = (message: FromPrimary): void => live.forEach((worker) => tell(worker, message));

  function fork(): Promise<void> {
    const worker = cluster.fork({ [taskVariable]: JSON.stringify(task) });
    live.add(worker);
    return new Promise((resolve, reject) => {
      worker.on('message', (message: FromWorker) => {
        if (message.type === 'ask') void answer(message).then((told) => tell(worker, told));
        else if (message.type === 'metrics') asked.get(message.id)?.(message.text);
        else {
          delayMs = againMs;
          // It had no ears yet when the others were told.
          if (stopping) tell(worker, { type: 'stop' });
          resolve();
        }
      });
      worker.on('exit', (code, signal) => {
        live.delete(worker);
        reject(fail('ERR_WORKER', `A worker process ended at its start (${signal ?? `code ${code}`}).`));
        if (!stopping) replace(code, signal);
      });
      worker.on('error', () => {});
    });
  }

  let isStarted = false;
  function replace(code: number, signal: string | null): void {
    if (!isStarted) return;
    log.error('a worker ended and is started again', { code, signal, inMs: delayMs });
    setTimeout(() => stopping || void fork().catch(() => {}), delayMs).unref();
    delayMs = Math.min(2 * delayMs, longestAgainMs);
  }

  const stopHearing = [
    controlPlane.routes.onChange(() => tellAll({ type: 'routes-changed' })),
    controlPlane.onCredentialsChange(() => tellAll({ type: 'credentials-changed' })),
  ];

  async function stop(): Promise<void> {
    stopping = true;
    stopHearing.forEach((stopOne) => stopOne());
    const ended = Promise.all([...live].map((worker) => new Promise<void>((resolve) => worker.once('exit', () => resolve()))));
    tellAll({ type: 'stop' });
    await within(stopMs, ended).catch(() => live.forEach((worker) => worker.process.kill('SIGKILL')));
    await ended;
  }

  try {
    await within(startMs, Promise.all(Array.from({ length: count }, fork)));
    isStarted = true;
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    stop,
    async metrics() {
      const texts = [...live].map((worker) => {
        const id = (lastAsked += 1);
        const told = new Promise<string>((resolve) => asked.set(id, resolve));
        tell(worker, { type: 'metrics', id });
        return within(metricsMs, told)
          .catch(() => '')
          .finally(() => asked.delete(id));
      });
      return Promise.all(texts);
    },
  };
}
