// Counts running calls, so that no caller and no crowd of them takes all there is.

/** Bounds of {@link createConcurrency}. 0 sets none. */
export interface ConcurrencyLimits {
  /** Calls, streams among them, that one caller may run at once on one route. */
  readonly perCallerAndRoute: number;
  /** Calls that this process runs at once. */
  readonly total: number;
}

/** Which bound was met. */
export type ConcurrencyBound = 'caller' | 'total';

/** Who runs how much. */
export interface Concurrency {
  /**
   * Counts a call that begins: `undefined` when it may, else the bound that it would break, and then it is not counted.
   *
   * @param caller id of the principal; one id for all anonymous callers
   * @param route id of the route
   */
  enter(caller: string, route: string): ConcurrencyBound | undefined;
  /** Counts a call that was let in and has ended. Call it once for each. */
  leave(caller: string, route: string): void;
  /** Calls that run. */
  readonly running: number;
  /** Calls that were refused, ever. */
  readonly refused: number;
}

/** Nothing is kept of callers and routes without running calls. */
export function createConcurrency({ perCallerAndRoute, total }: ConcurrencyLimits): Concurrency {
  const most = { caller: perCallerAndRoute || Number.POSITIVE_INFINITY, total: total || Number.POSITIVE_INFINITY };
  const byRoute = new Map<string, Map<string, number>>();
  let running = 0;
  let refused = 0;

  function refuse(bound: ConcurrencyBound): ConcurrencyBound {
    refused += 1;
    return bound;
  }

  return {
    enter(caller, route) {
      if (running >= most.total) return refuse('total');
      const callers = byRoute.get(route);
      const calls = callers?.get(caller) ?? 0;
      if (calls >= most.caller) return refuse('caller');
      if (callers === undefined) byRoute.set(route, new Map([[caller, 1]]));
      else callers.set(caller, calls + 1);
      running += 1;
      return undefined;
    },
    leave(caller, route) {
      const callers = byRoute.get(route);
      const calls = callers?.get(caller);
      if (callers === undefined || calls === undefined) return;
      running -= 1;
      if (calls > 1) callers.set(caller, calls - 1);
      else if (callers.size > 1) callers.delete(caller);
      else byRoute.delete(route);
    },
    get running() {
      return running;
    },
    get refused() {
      return refused;
    },
  };
}
