// The routes of a worker: asked of the primary process once, remembered until it says that something changed.
import type { ProxyRoute, Routes } from '@runlayer/proxy';
import type { Ask } from './ask-primary.ts';
import type { RouteName } from './messages.ts';

/** Routes that can be told to ask again. */
export interface WorkerRoutes extends Routes {
  /** Something changed: what is remembered is asked again before it is used. */
  forget(): void;
}

interface Remembered {
  readonly route: ProxyRoute;
  readonly text: string;
  /** Milliseconds of `performance.now`. */
  until: number;
}

/** How long an answer holds that does not serve, ms: it is about to change. */
const unsettledMs = 1_000;
const mostRemembered = 10_000;

/** The same route gives the same object for as long as nothing of it changed, so what the proxy keeps with it stays. */
export function createWorkerRoutes(ask: Ask): WorkerRoutes {
  const remembered = new Map<string, Remembered>();
  const names = new WeakMap<ProxyRoute, RouteName>();
  const loading = new Map<string, Promise<ProxyRoute | undefined>>();
  let changes = 0;

  function keep(name: RouteName, answer: ProxyRoute | undefined, isFresh: boolean): ProxyRoute | undefined {
    const key = keyOf(name);
    if (answer === undefined) {
      remembered.delete(key);
      return undefined;
    }
    const text = JSON.stringify(answer);
    const known = remembered.get(key);
    const route = known?.text === text ? known.route : answer;
    if (remembered.size >= mostRemembered) remembered.clear();
    const until = !isFresh ? 0 : answer.unavailable === undefined ? Infinity : performance.now() + unsettledMs;
    remembered.set(key, { route, text, until });
    names.set(route, name);
    return route;
  }

  function find(name: RouteName): ReturnType<Routes['deployment']> {
    const key = keyOf(name);
    const known = remembered.get(key);
    if (known !== undefined && performance.now() < known.until) return known.route;
    let found = loading.get(key);
    if (found === undefined) {
      const asked = changes;
      found = ask('route', name)
        .then((answer) => keep(name, answer, asked === changes))
        .finally(() => loading.delete(key));
      loading.set(key, found);
    }
    return found;
  }

  return {
    deployment: (id) => find({ kind: 'deployment', id }),
    connector: (id) => find({ kind: 'connector', id }),
    async refresh(route) {
      const name = names.get(route);
      if (name === undefined) return route;
      const asked = changes;
      return keep(name, await ask('refresh', name), asked === changes);
    },
    forget() {
      changes += 1;
      loading.clear();
      for (const known of remembered.values()) known.until = 0;
    },
  };
}

function keyOf({ kind, id }: RouteName): string {
  return `${kind} ${id}`;
}
