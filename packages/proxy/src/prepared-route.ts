// What follows from a route and never changes with a call: worked out once per route object.
import type { CircuitBreaker } from './circuit-breaker.ts';
import type { AddressMap } from './public-address.ts';
import type { AnonymousSubject } from '@runlayer/identity-forward';
import type { Endpoint, ProxyRoute } from './route.ts';
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
  /** Names and values in turn of `X-Forwarded-Proto`, `-Host` and `-Prefix`. */
  readonly forwarded: readonly string[];
  /** Whether the address came from a person, so is checked before it is connected. */
  readonly guarded: boolean;
  /** Where it is served, in the order of its endpoints. */
  readonly places: readonly Place[];
  /** Whom an anonymous call is made for. */
  readonly anonymous: AnonymousSubject;
  /** Takes the next place in turn that may be called, after `failed` if it is given; `undefined` when none may. */
  nextPlace(breaker: Pick<CircuitBreaker, 'allows'>, failed?: Place): Place | undefined;
  /** The place of an endpoint, also of one that serves only the sessions it has. */
  placeOf(endpoint: Endpoint): Place;
}

/** One instance of an upstream. */
export interface Place {
  /** Name of the instance; its host and port where it has none. */
  readonly instance: string;
  /** Such as `http://10.0.0.7:8000`. */
  readonly origin: string;
  /** `undefined` for a connector by URL. */
  readonly endpoint: Endpoint | undefined;
}

/** Prepares a route for the URL it was called by. */
export type PrepareRoute = (route: ProxyRoute, target: RequestTarget) => PreparedRoute;

/** Prepares routes, remembering the outcome as long as the route object lives. */
export function createRoutePreparer(platform: URL): PrepareRoute {
  const known = { hosted: new WeakMap<ProxyRoute, PreparedRoute>(), connector: new WeakMap<ProxyRoute, PreparedRoute>() };
  return (route, target) => {
    const found = known[target.kind].get(route);
    if (found !== undefined && found.addresses.prefix === target.prefix) return found;
    const prepared = prepareRoute(route, target, platform);
    known[target.kind].set(route, prepared);
    return prepared;
  };
}

function prepareRoute(route: ProxyRoute, target: RequestTarget, platform: URL): PreparedRoute {
  const places = placesOf(route);
  const guarded = route.origin !== undefined;
  const port = guarded ? undefined : (route.containerPort ?? route.endpoints[0]?.port);
  const question = route.mcpPath.indexOf('?');
  const mcpPath = question === -1 ? route.mcpPath : route.mcpPath.slice(0, question);
  let turn = 0;
  return {
    route,
    host: route.origin === undefined ? `localhost:${port}` : new URL(route.origin).host,
    port,
    mcpPath,
    mcpQuery: question === -1 ? '' : route.mcpPath.slice(question),
    forwarded: forwardedHeaders(platform, target),
    guarded,
    places,
    anonymous: { subjectType: 'anonymous', organizationId: route.organizationId },
    addresses: {
      upstreamOrigins: selfNames(route, port, places),
      platformOrigin: platform.origin,
      prefix: target.prefix,
      isPublic: guarded,
      ...(target.kind === 'connector' ? { mcpPath } : {}),
    },
    nextPlace(breaker, failed) {
      if (failed !== undefined) turn = places.findIndex(({ origin }) => origin === failed.origin);
      for (let tried = 0; tried < places.length; tried += 1) {
        turn = turn + 1 >= places.length ? 0 : turn + 1;
        const place = places[turn] as Place;
        if (breaker.allows(place.instance)) return place;
      }
      return undefined;
    },
    placeOf: (endpoint) => places.find((place) => place.endpoint === endpoint) ?? placeAt(endpoint),
  };
}

function placesOf(route: ProxyRoute): Place[] {
  if (route.origin === undefined) return route.endpoints.map(placeAt);
  const { origin } = new URL(route.origin);
  return [{ instance: origin, origin, endpoint: undefined }];
}

function placeAt(endpoint: Endpoint): Place {
  const address = `${bracketed(endpoint.host)}:${endpoint.port}`;
  return { instance: endpoint.instance ?? address, origin: `http://${address}`, endpoint };
}

function forwardedHeaders(platform: URL, { prefix }: RequestTarget): string[] {
  return ['X-Forwarded-Proto', platform.protocol.slice(0, -1), 'X-Forwarded-Host', platform.host, 'X-Forwarded-Prefix', prefix];
}

/** Servers write the Host they were sent, with either scheme, into the addresses they make. */
function selfNames(route: ProxyRoute, port: number | undefined, places: readonly Place[]): string[] {
  const origins = places.map(({ origin }) => origin);
  if (route.origin !== undefined) return origins;
  return [`http://localhost:${port}`, `https://localhost:${port}`, `http://127.0.0.1:${port}`, ...origins];
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
