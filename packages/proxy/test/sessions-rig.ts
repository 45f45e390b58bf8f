// Routes, a clock and a store for the tests of the session table.
import { expect } from 'vitest';
import type { Endpoint, ProxyRoute } from '../src/route.ts';
import type { Session, SessionChange, SessionStore } from '../src/sessions/session.ts';
import { createSessionTable } from '../src/sessions/session-table.ts';
import type { SessionTable, SessionTableOptions } from '../src/sessions/sessions.ts';

export const one: Endpoint = { instance: 'one', host: '10.0.0.1', port: 8000 };
export const two: Endpoint = { instance: 'two', host: '10.0.0.2', port: 8000 };
export const ada = 'user:ada';
export const bob = 'user:bob';
/** The answer to whoever may not have a session. */
export const gone: unknown = expect.objectContaining({ code: 'ERR_PROXY_SESSION', status: 404 });

export function routeOf(change: Partial<ProxyRoute> = {}): ProxyRoute {
  return {
    id: 'notes',
    organizationId: 'us',
    serverId: 'notes',
    endpoints: [one, two],
    mcpPath: '/mcp',
    expose: [],
    forward: { headers: false, token: false },
    ...change,
  };
}

/** A table with a clock that stands still until it is moved. */
export function rig(options: Partial<SessionTableOptions> = {}): { readonly time: { now: number }; readonly table: SessionTable } {
  const time = { now: 1_000_000 };
  return { time, table: createSessionTable({ now: () => time.now, ...options }) };
}

/** A store in memory, and what was asked of it. */
export interface MemoryStore {
  readonly store: SessionStore;
  readonly asked: string[];
  readonly written: SessionChange[];
  readonly sessions: Session[];
}

export function memoryStore(sessions: Session[] = []): MemoryStore {
  const asked: string[] = [];
  const written: SessionChange[] = [];
  const store: SessionStore = {
    async find(organizationId, fingerprint) {
      asked.push(fingerprint);
      return sessions.filter((session) => session.organizationId === organizationId && session.fingerprint === fingerprint);
    },
    async write(changes) {
      written.push(...changes);
      for (const { kind, session } of changes) {
        const at = sessions.findIndex(({ routeId, fingerprint }) => routeId === session.routeId && fingerprint === session.fingerprint);
        if (at !== -1 && (kind !== 'used' || sessions[at]?.principal === session.principal)) sessions.splice(at, 1);
        else if (at !== -1) continue;
        if (kind !== 'closed') sessions.push(session);
      }
    },
  };
  return { store, asked, written, sessions };
}

/** Opens the session `id` on `endpoint`. */
export function open(
  { table }: { readonly table: SessionTable },
  id: string,
  route: ProxyRoute = routeOf(),
  principal: string = ada,
  endpoint: Endpoint = one,
): void {
  table.answered(route, principal, endpoint, { method: 'POST', status: 200, received: id });
}

/** A store that another server has written a session to. */
export async function storeWith(id: string, ...session: [ProxyRoute?, string?, Endpoint?]): Promise<MemoryStore> {
  const kept = memoryStore();
  const { table } = rig({ store: kept.store });
  open({ table }, id, ...session);
  await table.settled();
  return kept;
}
