// Any history of sessions, checked against a plain model of whose they are.
import { hasCode } from '@runlayer/errors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Endpoint, ProxyRoute } from '../route.ts';
import { createSessionTable } from './session-table.ts';
import type { SessionTable } from './sessions.ts';

const principals = ['user:ada', 'agent:helper'] as const;
const routes = ['notes', 'mail'] as const;
const instances = ['one', 'two', 'three', 'four', 'five'] as const;
const ids = ['a', 'b', 'c', 'd', 'e'] as const;
const entries = 3;

type Id = (typeof ids)[number];
type RouteId = (typeof routes)[number];

/** What is true, whatever the table remembers. */
interface Model {
  /** Owner and instance of each session that is open upstream. */
  readonly sessions: Map<string, { readonly principal: string; readonly instance: string }>;
  readonly serving: Map<RouteId, Set<string>>;
  readonly draining: Map<RouteId, Set<string>>;
  /** An instance that has gone does not come back. */
  readonly gone: Map<RouteId, Set<string>>;
}

const keyOf = (route: RouteId, id: Id): string => `${route} ${id}`;

function routeNow({ serving, draining }: Model, id: RouteId): ProxyRoute {
  const endpoints = (names: ReadonlySet<string> | undefined): Endpoint[] =>
    [...(names ?? [])].map((instance) => ({ instance, host: `${id}-${instance}`, port: 80 }));
  return {
    id,
    organizationId: 'us',
    serverId: id,
    endpoints: endpoints(serving.get(id)),
    draining: endpoints(draining.get(id)),
    mcpPath: '/mcp',
    expose: [],
    forward: { headers: false, token: false },
  };
}

class Open implements fc.Command<Model, SessionTable> {
  readonly route: RouteId;
  readonly id: Id;
  readonly principal: string;
  readonly instance: string;

  constructor(route: RouteId, id: Id, principal: string, instance: string) {
    this.route = route;
    this.id = id;
    this.principal = principal;
    this.instance = instance;
  }
  check = ({ serving }: Readonly<Model>): boolean => serving.get(this.route)?.has(this.instance) === true;
  run(model: Model, table: SessionTable): void {
    model.sessions.set(keyOf(this.route, this.id), { principal: this.principal, instance: this.instance });
    const route = routeNow(model, this.route);
    const endpoint = route.endpoints.find(({ instance }) => instance === this.instance);
    table.answered(route, this.principal, endpoint, { method: 'POST', status: 200, received: this.id });
    expect(table.size).toBeLessThanOrEqual(entries);
  }
  toString = (): string => `open ${this.id} of ${this.route} for ${this.principal} on ${this.instance}`;
}

/** A call that names a session; where the table knows nothing, an upstream of the given name answers as a good one does. */
class Call implements fc.Command<Model, SessionTable> {
  readonly route: RouteId;
  readonly id: Id;
  readonly principal: string;
  readonly method: 'POST' | 'DELETE';

  constructor(route: RouteId, id: Id, principal: string, method: 'POST' | 'DELETE') {
    this.route = route;
    this.id = id;
    this.principal = principal;
    this.method = method;
  }
  check = (): boolean => true;
  run(model: Model, table: SessionTable): void {
    const route = routeNow(model, this.route);
    const session = model.sessions.get(keyOf(this.route, this.id));
    const placed = this.#place(route, table);
    if (placed === 'refused') return;
    // Forgotten sessions are the upstream's to judge; a remembered one is never led anywhere but home, nor for anybody but its owner.
    if (placed !== undefined) {
      expect(session).toEqual({ principal: this.principal, instance: placed.instance });
      expect([...route.endpoints, ...(route.draining ?? [])]).toContainEqual(placed);
    }
    const endpoint = placed ?? route.endpoints[0];
    if (endpoint === undefined) return;
    const isHome = session?.instance === endpoint.instance && session?.principal === this.principal;
    table.answered(route, this.principal, endpoint, { method: this.method, status: isHome ? 200 : 404, sent: this.id });
    if (isHome && this.method === 'DELETE') model.sessions.delete(keyOf(this.route, this.id));
  }
  #place(route: ProxyRoute, table: SessionTable): Endpoint | undefined | 'refused' {
    try {
      return table.place(route, this.id, this.principal) as Endpoint | undefined;
    } catch (error) {
      expect(hasCode(error, 'ERR_PROXY_SESSION')).toBe(true);
      return 'refused';
    }
  }
  toString = (): string => `${this.method} ${this.id} at ${this.route} by ${this.principal}`;
}

class Roll implements fc.Command<Model, SessionTable> {
  readonly route: RouteId;
  readonly instance: string;
  readonly to: 'serving' | 'draining' | 'gone';

  constructor(route: RouteId, instance: string, to: 'serving' | 'draining' | 'gone') {
    this.route = route;
    this.instance = instance;
    this.to = to;
  }
  check = ({ gone }: Readonly<Model>): boolean => gone.get(this.route)?.has(this.instance) !== true;
  run({ serving, draining, gone, sessions }: Model): void {
    serving.get(this.route)?.delete(this.instance);
    draining.get(this.route)?.delete(this.instance);
    if (this.to === 'serving') serving.get(this.route)?.add(this.instance);
    else if (this.to === 'draining') draining.get(this.route)?.add(this.instance);
    else {
      gone.get(this.route)?.add(this.instance);
      // What was in its memory is gone with it.
      for (const [key, { instance }] of sessions) if (instance === this.instance && key.startsWith(this.route)) sessions.delete(key);
    }
  }
  toString = (): string => `${this.instance} of ${this.route} is ${this.to}`;
}

describe('createSessionTable', () => {
  it('never leads anybody into the session of another or away from its instance, and stays small', () => {
    const route = fc.constantFrom(...routes);
    const id = fc.constantFrom(...ids);
    const principal = fc.constantFrom(...principals);
    const instance = fc.constantFrom(...instances);
    const commands = [
      fc.tuple(route, id, principal, instance).map((given) => new Open(...given)),
      fc.tuple(route, id, principal, fc.constantFrom('POST' as const, 'DELETE' as const)).map((given) => new Call(...given)),
      fc
        .tuple(route, instance, fc.constantFrom('serving' as const, 'draining' as const, 'gone' as const))
        .map((given) => new Roll(...given)),
    ];
    fc.assert(
      fc.property(fc.commands(commands, { maxCommands: 60, size: 'max' }), (history) => {
        fc.modelRun(
          () => ({
            model: {
              sessions: new Map(),
              serving: new Map(routes.map((name) => [name, new Set(['one', 'two'])])),
              draining: new Map(routes.map((name) => [name, new Set()])),
              gone: new Map(routes.map((name) => [name, new Set()])),
            } satisfies Model,
            real: createSessionTable({ entries, now: () => 1 }),
          }),
          history,
        );
      }),
      { numRuns: 1_000 },
    );
  });
});
