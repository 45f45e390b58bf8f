// What follows from a route and never changes with a call: worked out once per route object.
import type { AddressMap } from './public-address.ts';
import type { AnonymousSubject } from '@runlayer/identity-forward';
import type { ProxyRoute } from './route.ts';
import type { RequestTarget } from './request-target.ts';

/** A route with what each call needs of it, ready to use. */
export interface PreparedRoute {
  readonly route: ProxyRoute;
  /** `Host` sent upstream. */
  readonly host: string;
  /** Port for messages about a container; `undefined` for a connector by URL. */
  readonly port: number | undefined;
  /** Path of the MCP endpoint, without its query. */
  readonly mcpPath: string;
  /** Query of the MCP endpoint, with its question mark; empty without one. */
  readonly mcpQuery: string;
  readonly addresses: AddressMap;
  /** Origins of the endpoints, in their order. */
  readonly origins: readonly string[];
  /** Whom an anonymous call is made for. */
  readonly anonymous: AnonymousSubject;
  /** Takes the next origin in turn, or the one after an origin that failed. */
  nextOrigin(failed?: string): string;
}

/** Prepares a route for the URL it was called by. */
export type PrepareRoute = (route: ProxyRoute, target: RequestTarget) => PreparedRoute;

/** Prepares routes, remembering the outcome as long as the route object lives. */
export function createRoutePreparer(platformOrigin: string): PrepareRoute {
  const known = { hosted: new WeakMap<ProxyRoute, PreparedRoute>(), connector: new WeakMap<ProxyRoute, PreparedRoute>() };
  return (route, target) => {
    const found = known[target.kind].get(route);
    if (found !== undefined && found.addresses.prefix === target.prefix) return found;
    const prepared = prepareRoute(route, target, platformOrigin);
    known[target.kind].set(route, prepared);
    return prepared;
  };
}

function prepareRoute(route: ProxyRoute, target: RequestTarget, platformOrigin: string): PreparedRoute {
  const origins =
    route.origin === undefined
      ? route.endpoints.map((endpoint) => `http://${bracketed(endpoint.host)}:${endpoint.port}`)
      : [new URL(route.origin).origin];
  const port = route.origin === undefined ? (route.containerPort ?? route.endpoints[0]?.port) : undefined;
  const host = route.origin === undefined ? `localhost:${port}` : new URL(route.origin).host;
  const question = route.mcpPath.indexOf('?');
  const mcpPath = question === -1 ? route.mcpPath : route.mcpPath.slice(0, question);
  let turn = 0;
  return {
    route,
    host,
    port,
    mcpPath,
    mcpQuery: question === -1 ? '' : route.mcpPath.slice(question),
    origins,
    anonymous: { subjectType: 'anonymous', organizationId: route.organizationId },
    addresses: {
      upstreamOrigins: selfNames(route, port, origins),
      platformOrigin,
      prefix: target.prefix,
      ...(target.kind === 'connector' ? { mcpPath } : {}),
    },
    nextOrigin(failed) {
      const last = failed === undefined ? turn : origins.indexOf(failed);
      turn = last + 1 >= origins.length ? 0 : last + 1;
      return origins[turn] as string;
    },
  };
}

/** Servers write the Host they were sent, with either scheme, into the addresses they make. */
function selfNames(route: ProxyRoute, port: number | undefined, origins: readonly string[]): string[] {
  if (route.origin !== undefined) return [...origins];
  return [`http://localhost:${port}`, `https://localhost:${port}`, `http://127.0.0.1:${port}`, ...origins];
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
