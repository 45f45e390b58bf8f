// Answers where calls go, from memory once warm; forgets what a change concerns.
import type { Context } from '../context.ts';
import { asUuid } from '../ids.ts';
import { forwardOf, loadConnector, loadTarget, oldestConnector } from './load-route.ts';
import type { Target } from './load-route.ts';
import type { Route, RouteChange, Routes } from './route.ts';

/** How long an answer holds that is not `serving`, ms: it is about to change, and nobody tells. */
const unsettledMs = 1000;
const mostRemembered = 10_000;

interface Remembered {
  readonly route: Route;
  readonly deploymentId: string | null;
  readonly until: number;
}

/** The routes of a control plane. */
export function createRoutes(context: Context): Routes {
  const remembered = new Map<string, Remembered>();
  const loading = new Map<string, Promise<Route | undefined>>();
  const refreshed = new Map<string, number>();
  let generation = 0;

  function forget({ deploymentIds, connectorIds }: RouteChange): void {
    generation += 1;
    loading.clear();
    const gone = new Set([...deploymentIds, ...connectorIds]);
    for (const [key, { route, deploymentId }] of remembered) {
      if (gone.has(route.id) || (deploymentId !== null && gone.has(deploymentId))) remembered.delete(key);
    }
  }
  context.signals.hear('routes', forget);

  function route(kind: Route['kind'], given: string): Route | undefined | Promise<Route | undefined> {
    const id = asUuid(given);
    if (id === undefined) return undefined;
    const key = `${kind} ${id}`;
    const known = remembered.get(key);
    if (known !== undefined && performance.now() < known.until) return known.route;
    const begun = loading.get(key) ?? load(key, kind, id);
    loading.set(key, begun);
    return begun;
  }
  async function load(key: string, kind: Route['kind'], id: string): Promise<Route | undefined> {
    const asked = generation;
    try {
      const found = await (kind === 'deployment' ? deploymentRoute(context, id) : connectorRoute(context, id));
      if (found !== undefined && asked === generation) keep(key, found);
      return found;
    } finally {
      if (asked === generation) loading.delete(key);
    }
  }
  function keep(key: string, found: Route): void {
    if (remembered.size >= mostRemembered) remembered.clear();
    const until = found.state === 'serving' ? Infinity : performance.now() + unsettledMs;
    remembered.set(key, { route: found, deploymentId: found.deploymentId, until });
  }
  return {
    deploymentRoute: (id) => route('deployment', id),
    connectorRoute: (id) => route('connector', id),
    async refresh(given) {
      const id = asUuid(given);
      if (id === undefined || performance.now() - (refreshed.get(id) ?? -Infinity) < unsettledMs) return;
      if (refreshed.size >= mostRemembered) refreshed.clear();
      refreshed.set(id, performance.now());
      context.signals.send('routes', { deploymentIds: [id], connectorIds: [] });
      await route('deployment', id);
    },
    onChange: (listener) => context.signals.hear('routes', listener),
  };
}

async function deploymentRoute(context: Context, id: string): Promise<Route | undefined> {
  const target = await loadTarget(context, id);
  if (target === undefined) return undefined;
  const connector = await oldestConnector(context, id);
  return {
    ...shared(target),
    kind: 'deployment',
    id,
    serverId: connector?.id ?? target.row.serverId,
    transport: connector?.transport ?? 'streaming-http',
    forward: forwardOf(connector),
  };
}

async function connectorRoute(context: Context, id: string): Promise<Route | undefined> {
  const connector = await loadConnector(context, id);
  if (connector === undefined) return undefined;
  const own = { kind: 'connector', id, serverId: id, transport: connector.transport, forward: forwardOf(connector) } as const;
  if (connector.deploymentId === null) {
    const { organizationId, url } = connector;
    return {
      ...own,
      organizationId,
      deploymentId: null,
      url,
      endpoints: [],
      servicePath: null,
      servicePort: null,
      expose: [],
      state: 'serving',
      reason: null,
    };
  }
  const target = await loadTarget(context, connector.deploymentId);
  return target === undefined ? undefined : { ...shared(target), ...own };
}

function shared({ row, ...target }: Target): Omit<Route, 'kind' | 'id' | 'serverId' | 'transport' | 'forward'> {
  return { ...target, deploymentId: row.id, url: null };
}
