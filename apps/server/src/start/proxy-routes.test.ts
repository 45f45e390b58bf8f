// The proxy's view of routes and callers.
import type { Principal, Route } from '@runlayer/control-plane';
import { describe, expect, it } from 'vitest';
import { callerOf, proxyRoutes } from './proxy-routes.ts';

const route = (changes: Partial<Route> = {}): Route => ({
  kind: 'deployment',
  id: 'd',
  organizationId: 'o',
  deploymentId: 'd',
  serverId: 's',
  transport: 'streaming-http',
  url: null,
  endpoints: [{ instance: 'c', host: '172.18.0.2', port: 8000 }],
  draining: [{ instance: 'b', host: '172.18.0.3', port: 8000 }],
  servicePath: '/mcp',
  servicePort: 8000,
  expose: ['/open'],
  forward: { headers: false, token: true },
  state: 'serving',
  reason: null,
  ...changes,
});
const routesOf = (found: Route | undefined) =>
  proxyRoutes({ routes: { deploymentRoute: () => found, connectorRoute: () => found, refresh: async () => {}, onChange: () => () => {} } });

describe('a route', () => {
  it('of a deployment names its instances and paths [PROXY-1]', () => {
    expect(routesOf(route()).deployment('d')).toMatchObject({
      serverId: 's',
      endpoints: [{ instance: 'c' }],
      draining: [{ instance: 'b' }],
      containerPort: 8000,
      mcpPath: '/mcp',
      expose: ['/open'],
      forward: { token: true },
    });
  });

  it('of a connector by URL names its origin, path and query [PROXY-1]', () => {
    const found = routesOf(
      route({ kind: 'connector', deploymentId: null, url: 'https://up.example/a/mcp?x=1', endpoints: [], servicePath: null }),
    ).connector('c');
    expect(found).toMatchObject({ origin: 'https://up.example', mcpPath: '/a/mcp?x=1' });
  });

  it('stays the same object while it does not change', () => {
    const routes = routesOf(route());
    expect(routes.deployment('d')).toBe(routes.deployment('d'));
  });

  it('says why it does not serve, and is unknown once deleted [PLAT-4]', () => {
    expect(routesOf(route({ state: 'failed', reason: 'The container exited.' })).deployment('d')).toMatchObject({
      unavailable: { reason: 'The container exited.' },
    });
    expect(routesOf(route({ state: 'deleted' })).deployment('d')).toBeUndefined();
    expect(routesOf(undefined).deployment('d')).toBeUndefined();
  });

  it('is looked at again when its instance refuses', async () => {
    let observed = 0;
    const found = route();
    const routes = proxyRoutes({
      routes: {
        deploymentRoute: () => Promise.resolve(found),
        connectorRoute: () => undefined,
        refresh: async () => void (observed += 1),
        onChange: () => () => {},
      },
    });
    const first = await routes.deployment('d');
    expect(first && (await routes.refresh?.(first))).toBe(first);
    expect(observed).toBe(1);
  });
});

it.each<[Principal, object]>([
  [
    { type: 'user', organizationId: 'o', role: 'member', userId: 'u', userEmail: 'e', userName: 'n' },
    { mayCall: true, subject: { subjectType: 'user', organizationId: 'o', userId: 'u', userEmail: 'e' } },
  ],
  [
    { type: 'agent', organizationId: 'o', role: 'member', agentId: 'a', agentName: 'n' },
    { mayCall: true, subject: { subjectType: 'agent', organizationId: 'o', agentId: 'a', agentName: 'n' } },
  ],
  [
    { type: 'organization_key', organizationId: 'o', role: 'deploy', keyId: 'k', keyName: 'n' },
    { mayCall: false, subject: undefined },
  ],
])('the caller of $type is known [ID-6]', (principal, caller) => {
  expect(callerOf(principal)).toMatchObject({ organizationId: 'o', ...caller });
});
