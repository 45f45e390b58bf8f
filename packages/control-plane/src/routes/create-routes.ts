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

/** How often a load is repeated because something changed meanwhile. */
const mostRepeats = 3;

/** A load under way, and what has changed since it last began. */
interface Flight {
  readonly kind: Route['kind'];
  readonly id: string;
  readonly changed: Set<string>;
  everything: boolean;
}

/** The routes of a control plane. */
export function createRoutes(context: Context): Routes {
  const remembered = new Map<string, Remembered>();
  const loading = new Map<string, { readonly flight: Flight; readonly found: Promise<Route | undefined> }>();
  const flying = new Set<Flight>();
  const refreshed = new Map<string, number>();

  function forget({ deploymentIds, connectorIds, ...change }: RouteChange): void {
    const everything = change.everything === true;
    const gone = new Set([...deploymentIds, ...connectorIds]);
    for (const [key, { route, deploymentId }] of remembered) {
      if (everything || gone.has(route.id) || (deploymentId !== null && gone.has(deploymentId))) remembered.delete(key);
    }
    for (const flight of flying) {
      flight.everything ||= everything;
      for (const id of gone) flight.changed.add(id);
    }
    // Which deployment a connector leads to is known at the end of its load only.
    for (const [key, { flight }] of loading) if (everything || flight.kind === 'connector' || gone.has(flight.id)) loading.delete(key);
  }
  context.signals.hear('routes', forget);

  function route(kind: Route['kind'], given: string): Route | undefined | Promise<Route | undefined> {
    const id = asUuid(given);
    if (id === undefined) return undefined;
    const key = `${kind} ${id}`;
    const known = remembered.get(key);
    if (known !== undefined && performance.now() < known.until) return known.route;
    const begun = loading.get(key);
    if (begun !== undefined) return begun.found;
    const flight: Flight = { kind, id, changed: new Set(), everything: false };
    const found = load(key, flight);
    loading.set(key, { flight, found });
    return found;
  }
  async function load(key: string, flight: Flight): Promise<Route | undefined> {
    flying.add(flight);
    try {
      for (let repeats = 0; ; repeats += 1) {
        flight.changed.clear();
        flight.everything = false;
        const found = await find(context, flight);
        const isCurrent = isUnchanged(flight, found?.deploymentId ?? null);
        if (isCurrent && found !== undefined) keep(key, found);
        if (isCurrent || repeats === mostRepeats) return found;
      }
    } finally {
      flying.delete(flight);
      if (loading.get(key)?.flight === flight) loading.delete(key);
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

function isUnchanged({ id, changed, everything }: Flight, deploymentId: string | null): boolean {
  return !everything && !changed.has(id) && (deploymentId === null || !changed.has(deploymentId));
}

function find(context: Context, flight: Flight): Promise<Route | undefined> {
  return flight.kind === 'deployment' ? deploymentRoute(context, flight) : connectorRoute(context, flight);
}

async function deploymentRoute(context: Context, flight: Flight): Promise<Route | undefined> {
  const { id } = flight;
  const target = await loadTarget(context, id, () => isUnchanged(flight, id));
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

async function connectorRoute(context: Context, flight: Flight): Promise<Route | undefined> {
  const { id } = flight;
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
      draining: [],
      servicePath: null,
      servicePort: null,
      expose: [],
      state: 'serving',
      reason: null,
    };
  }
  const { deploymentId } = connector;
  const target = await loadTarget(context, deploymentId, () => isUnchanged(flight, deploymentId));
  return target === undefined ? undefined : { ...shared(target), ...own };
}

function shared({ row, ...target }: Target): Omit<Route, 'kind' | 'id' | 'serverId' | 'transport' | 'forward'> {
  return { ...target, deploymentId: row.id, url: null };
}
