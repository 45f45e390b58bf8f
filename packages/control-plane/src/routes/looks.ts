// Looks at deployments that may have changed: once after a burst of changes, and again while one does not serve.
import type { Context } from '../context.ts';
import type { Route, Routes } from './route.ts';

/** Looks to come. Closed at first. */
export interface Looks {
  /** Looks at this deployment in a moment. */
  soon(deploymentId: string): void;
  open(): void;
  /** Forgets the looks to come. */
  close(): void;
}

/** Events of one deployment come in bursts; one look follows them, ms. */
const burstMs = 100;
/** Waits before the looks after one at which a deployment did not serve, ms: in all about as long as a slow start takes. */
const delaysMs = [1500, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000];
const mostAtOnce = 4;

interface Look {
  /** How many looks in a row have found that it does not serve. */
  readonly misses: number;
  /** Set while a look is to come. */
  readonly timer: NodeJS.Timeout | undefined;
}

/** Looks through `routes`, so that what was seen is remembered there; nothing is asked that is known since the change. */
export function createLooks({ signals, logger }: Pick<Context, 'signals' | 'logger'>, routes: Pick<Routes, 'deploymentRoute'>): Looks {
  const looks = new Map<string, Look>();
  const ready = new Set<string>();
  let isOpen = false;
  let running = 0;

  function plan(id: string, delayMs: number, misses: number): void {
    clearTimeout(looks.get(id)?.timer);
    looks.set(id, { misses, timer: setTimeout(due, delayMs, id).unref() });
  }
  function due(id: string): void {
    looks.set(id, { misses: looks.get(id)?.misses ?? 0, timer: undefined });
    ready.add(id);
    work();
  }
  function work(): void {
    for (const id of ready) {
      if (running >= mostAtOnce) return;
      ready.delete(id);
      running += 1;
      void look(id).finally(() => {
        running -= 1;
        work();
      });
    }
  }
  async function look(id: string): Promise<void> {
    try {
      // It may come from memory, without a look that tells.
      if (!isSettled(await routes.deploymentRoute(id))) later(id);
      else if (looks.get(id)?.timer === undefined) looks.delete(id);
    } catch {
      if (isOpen) logger.warn('A deployment could not be looked at; trying again.', { deployment: id });
      later(id);
    }
  }
  function later(id: string): void {
    const { misses, timer } = looks.get(id) ?? { misses: 0, timer: undefined };
    const delayMs = delaysMs[misses];
    if (isOpen && timer === undefined && delayMs !== undefined) plan(id, delayMs, misses + 1);
  }
  signals.hear('unsettled', ({ deploymentId }) => later(deploymentId));
  return {
    soon(id) {
      const known = looks.get(id);
      const isComing = ready.has(id) || (known?.misses === 0 && known.timer !== undefined);
      if (isOpen && !isComing) plan(id, burstMs, 0);
    },
    open: () => void (isOpen = true),
    close() {
      isOpen = false;
      for (const { timer } of looks.values()) clearTimeout(timer);
      looks.clear();
      ready.clear();
    },
  };
}

function isSettled(route: Route | undefined): boolean {
  return route?.state !== 'failed' && route?.state !== 'starting';
}
