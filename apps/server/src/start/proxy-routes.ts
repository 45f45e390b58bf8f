// The proxy's view of the control plane: routes, callers, tokens.
import type { ControlPlane, Principal, Route } from '@runlayer/control-plane';
import { allows } from '@runlayer/control-plane';
import type { Subject } from '@runlayer/identity-forward';
import type { Caller, ProxyRoute, Routes } from '@runlayer/proxy';

/** Routes for the proxy. The same route of the control plane gives the same object, so what the proxy keeps with it stays. */
export function proxyRoutes({ routes }: Pick<ControlPlane, 'routes'>): Routes {
  const known = new WeakMap<Route, ProxyRoute>();
  const sources = new WeakMap<ProxyRoute, Route>();
  const convert = (route: Route | undefined): ProxyRoute | undefined => {
    // A deployment that is gone is unknown to callers; one that does not serve now is not.
    if (route === undefined || route.state === 'deleted') return undefined;
    const converted = known.get(route) ?? proxyRoute(route);
    known.set(route, converted);
    sources.set(converted, route);
    return converted;
  };
  const find = (kind: Route['kind'], id: string) => {
    const route = kind === 'deployment' ? routes.deploymentRoute(id) : routes.connectorRoute(id);
    return route instanceof Promise ? route.then(convert) : convert(route);
  };
  return {
    deployment: (id) => find('deployment', id),
    connector: (id) => find('connector', id),
    refresh: async (route) => {
      const source = sources.get(route);
      if (source === undefined || source.deploymentId === null) return route;
      await routes.refresh(source.deploymentId);
      return find(source.kind, source.id);
    },
  };
}

function proxyRoute(route: Route): ProxyRoute {
  const url = route.url === null ? undefined : new URL(route.url);
  return {
    id: route.id,
    organizationId: route.organizationId,
    serverId: route.serverId,
    endpoints: route.endpoints,
    draining: route.draining,
    origin: url?.origin,
    containerPort: route.servicePort ?? undefined,
    mcpPath: url === undefined ? (route.servicePath ?? '/mcp') : url.pathname + url.search,
    transport: route.transport,
    expose: route.expose,
    forward: route.forward,
    unavailable: route.state === 'serving' ? undefined : { reason: route.reason ?? 'The deployment does not serve.' },
  };
}

/** Who calls, for the proxy. */
export function callerOf(principal: Principal): Caller {
  return { organizationId: principal.organizationId, subject: subjectOf(principal), mayCall: allows(principal, 'proxy.call') };
}

/** For whom a call is made. An organization's key stands for nobody. */
function subjectOf(principal: Principal): Subject | undefined {
  const { organizationId } = principal;
  switch (principal.type) {
    case 'user':
      return { subjectType: 'user', organizationId, userId: principal.userId, userEmail: principal.userEmail };
    case 'agent':
      return { subjectType: 'agent', organizationId, agentId: principal.agentId, agentName: principal.agentName };
    case 'organization_key':
      return undefined;
  }
}
