// Whose each MCP session is, and which instance made it: a session goes back there, and only for the one who opened it.
import { fail } from '../error-codes.ts';
import type { Endpoint, ProxyRoute } from '../route.ts';
import { isAddress, isPlainAddress } from './endpoint-session.ts';
import { endpointNamed, instanceOf } from './instance.ts';
import type { Session, SessionChange } from './session.ts';
import { fingerprintOf } from './session.ts';
import { SessionMemory } from './session-memory.ts';
import type { Remembered } from './session-memory.ts';
import { createSessionWrites } from './session-writes.ts';
import type { SessionTable, SessionTableOptions } from './sessions.ts';
import { createStoredSessions } from './stored-sessions.ts';

/** How often the use of a session is written down, milliseconds. */
const writeEveryMs = 5 * 60_000;
/** How long it is remembered that nobody has an id, and how long a session is believed that was found in use, milliseconds. */
const unsureMs = 2_000;
/** Owner of an address that a server gives to every client. */
const everybody = '*';

/** A table of sessions. */
export function createSessionTable({ entries = 20_000, store, now, onLost = () => {} }: SessionTableOptions): SessionTable {
  const memory = new SessionMemory(entries);
  const writes = store === undefined ? undefined : createSessionWrites(store, onLost);
  const stored = store === undefined ? undefined : createStoredSessions(store, { unsureMs, now, found: remember });

  function remember(session: Session): void {
    if (own(session.routeId, session.fingerprint) === undefined)
      memory.keep({ ...session, writtenAt: session.lastUsedAt, until: Infinity });
  }
  function own(routeId: string, fingerprint: string): Remembered | undefined {
    const known = memory.namesakes(fingerprint).find((session) => session.routeId === routeId);
    return known === undefined || known.until <= now() ? undefined : known;
  }
  function write(kind: SessionChange['kind'], session: Session): void {
    const { organizationId, routeId, fingerprint, principal, instance, lastUsedAt } = session;
    writes?.add({ kind, session: { organizationId, routeId, fingerprint, principal, instance, lastUsedAt } });
  }
  function close(session: Session): void {
    memory.drop(session);
    write('closed', session);
  }
  function keep(kind: 'opened' | 'used', session: Session): void {
    if (session.instance === '') return;
    const until = kind === 'opened' || store === undefined ? Infinity : session.lastUsedAt + unsureMs;
    memory.keep({ ...session, writtenAt: session.lastUsedAt, until });
    write(kind, session);
  }
  function touch(session: Remembered): void {
    session.lastUsedAt = now();
    if (session.lastUsedAt - session.writtenAt < writeEveryMs) return;
    session.writtenAt = session.lastUsedAt;
    write('used', session);
  }

  function placeKnown(route: ProxyRoute, session: Remembered, principal: string): Endpoint | undefined {
    if (session.principal === everybody) return undefined;
    if (session.principal !== principal) throw noSession();
    // While nothing serves nobody can tell whether the instance comes back.
    if (route.origin === undefined && route.endpoints.length === 0) return undefined;
    const endpoint = route.origin === undefined ? endpointNamed(route, session.instance) : undefined;
    if (endpoint === undefined && route.origin !== session.instance) {
      close(session);
      throw noSession();
    }
    touch(session);
    return endpoint;
  }
  /** @throws `ERR_PROXY_SESSION` when another route of the organization has the id */
  function placeUnknown({ id, organizationId }: ProxyRoute, key: string, fingerprint: string): undefined {
    // Any server may have a path of that name.
    if (isPlainAddress(key)) return;
    const isElsewhere = (session: Session): boolean => session.routeId !== id && session.organizationId === organizationId;
    if (memory.namesakes(fingerprint).some(isElsewhere)) throw noSession();
  }
  function place(route: ProxyRoute, key: string, fingerprint: string, principal: string): Endpoint | undefined {
    const known = own(route.id, fingerprint);
    return known === undefined ? placeUnknown(route, key, fingerprint) : placeKnown(route, known, principal);
  }

  function opened(route: ProxyRoute, key: string, principal: string, endpoint: Endpoint | undefined): void {
    const fingerprint = fingerprintOf(key);
    const session = sessionOf(route, fingerprint, principal, endpoint, now());
    const known = own(route.id, fingerprint);
    if (known?.principal === everybody) return;
    if (known?.principal === principal && known.instance === session.instance) return touch(known);
    const shared = known !== undefined && known.principal !== principal && isPlainAddress(key);
    keep('opened', shared ? { ...session, principal: everybody } : session);
  }
  function used(route: ProxyRoute, key: string, principal: string, endpoint: Endpoint | undefined, ended: boolean): void {
    const fingerprint = fingerprintOf(key);
    const known = own(route.id, fingerprint);
    // An address that no stream has named is a path like any other.
    if (known === undefined && !ended && !isAddress(key)) keep('used', sessionOf(route, fingerprint, principal, endpoint, now()));
    else if (known !== undefined && ended && known.principal === principal) close(known);
  }

  return {
    place(route, key, principal) {
      const fingerprint = fingerprintOf(key);
      const isKnown = stored === undefined || own(route.id, fingerprint) !== undefined || stored.isMissing(route, fingerprint);
      return isKnown
        ? place(route, key, fingerprint, principal)
        : stored.load(route, fingerprint).then(() => place(route, key, fingerprint, principal));
    },
    answered(route, principal, endpoint, { method, status, sent, received }) {
      const good = status >= 200 && status < 300;
      if (received !== undefined && received !== sent && good) opened(route, received, principal, endpoint);
      if (sent === undefined) return;
      if (status === 404 || (method === 'DELETE' && good)) used(route, sent, principal, endpoint, true);
      else if (good) used(route, sent, principal, endpoint, false);
    },
    opened,
    closed: (route, key, principal) => used(route, key, principal, undefined, true),
    lost(route, key, principal, endpoint) {
      if (route.endpoints.some((serving) => instanceOf(serving) === instanceOf(endpoint))) return;
      used(route, key, principal, endpoint, true);
      throw noSession();
    },
    settled: async () => writes?.settled(),
    get size() {
      return memory.size;
    },
  };
}

function sessionOf(
  { id, organizationId, origin }: ProxyRoute,
  fingerprint: string,
  principal: string,
  endpoint: Endpoint | undefined,
  lastUsedAt: number,
): Session {
  const instance = origin ?? (endpoint === undefined ? '' : instanceOf(endpoint));
  return { organizationId, routeId: id, fingerprint, principal, instance, lastUsedAt };
}

/** The same for a session of somebody else as for one that there never was. */
function noSession(): Error {
  return fail('ERR_PROXY_SESSION', 'There is no such session.');
}
