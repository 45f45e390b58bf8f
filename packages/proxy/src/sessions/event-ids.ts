// Whose events were whose: a stream may be resumed only after an event of one's own.
import { fail } from '../error-codes.ts';
import type { ProxyRoute } from '../route.ts';
import { BoundedMap } from './bounded-map.ts';
import { createEventIdScan } from './event-id-scan.ts';

/** Remembers in this process who was sent which event id; servers keep no events for ever either. */
export interface EventIds {
  /** To be given the chunks of one event stream as they pass to this principal. */
  watch(route: ProxyRoute, principal: string): (chunk: Buffer) => void;
  /**
   * Lets through an id that this principal was sent by this route, and one that nobody is known to have been sent.
   *
   * @throws `ERR_PROXY_SESSION` for an id that only others were sent, or that came by another route
   */
  check(route: ProxyRoute, principal: string, lastEventId: string): void;
  /** How many ids are remembered. */
  readonly size: number;
}

interface Owner {
  readonly routeId: string;
  readonly principal: string;
}

/** An id that so many were sent names no event: it is a number that every session counts from the beginning. */
const mostOwners = 4;

/** @param entries how many ids are remembered, about 200 bytes each; the oldest go first. Default 10,000 */
export function createEventIds(entries = 10_000): EventIds {
  const known = new BoundedMap<string, readonly Owner[]>(entries);

  function note(id: string, owner: Owner): void {
    const owners = known.get(id) ?? [];
    if (owners.length < mostOwners && !owners.some((other) => isSame(other, owner))) known.set(id, [...owners, owner]);
  }
  return {
    watch(route, principal) {
      const owner = { routeId: route.id, principal };
      return createEventIdScan((id) => note(id, owner));
    },
    check(route, principal, lastEventId) {
      const owners = known.get(lastEventId) ?? [];
      const caller = { routeId: route.id, principal };
      if (owners.length >= mostOwners || owners.some((owner) => isSame(owner, caller))) return;
      if (owners.some(({ routeId }) => routeId === route.id || !isCount(lastEventId)))
        throw fail('ERR_PROXY_SESSION', 'There is no such event to go on from.');
    },
    get size() {
      return known.size;
    },
  };
}

function isSame(one: Owner, other: Owner): boolean {
  return one === other || (one.routeId === other.routeId && one.principal === other.principal);
}

/** Servers that count their events have the same numbers as any other such server. */
function isCount(id: string): boolean {
  return id.length < 10 && String(Number(id)) === id;
}
