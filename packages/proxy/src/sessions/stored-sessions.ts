// Asks the store for what this process does not remember: once for all who wait, and not again at once for what nobody has.
import { fail } from '../error-codes.ts';
import type { ProxyRoute } from '../route.ts';
import { BoundedMap } from './bounded-map.ts';
import type { Session, SessionStore } from './session.ts';

/** The store as the table asks it. */
export interface StoredSessions {
  /** Whether the store was asked for this session a moment ago and had none of this route. */
  isMissing(route: ProxyRoute, fingerprint: string): boolean;
  /**
   * Hands over what the store has. Afterwards the session is remembered or known to be missing.
   *
   * @throws `ERR_PROXY_PLATFORM` when it cannot be asked: whose the session is must be known before it is used
   */
  load(route: ProxyRoute, fingerprint: string): Promise<void>;
}

/** What {@link createStoredSessions} needs. */
export interface StoredSessionsOptions {
  /** How long an answer without a session holds, milliseconds. */
  readonly unsureMs: number;
  readonly now: () => number;
  readonly found: (session: Session) => void;
}

const mostMissing = 2_000;
/** Questions under way at once. More are a flood. */
const mostAsked = 1_000;

/** Over a store. */
export function createStoredSessions(store: Pick<SessionStore, 'find'>, { unsureMs, now, found }: StoredSessionsOptions): StoredSessions {
  const missing = new BoundedMap<string, number>(mostMissing);
  const asking = new Map<string, Promise<readonly Session[]>>();

  async function ask(key: string, organizationId: string, fingerprint: string): Promise<readonly Session[]> {
    if (asking.size >= mostAsked) throw fail('ERR_PROXY_PLATFORM', 'Too many unknown sessions are being looked up.');
    const answer = askStore(organizationId, fingerprint).finally(() => asking.delete(key));
    asking.set(key, answer);
    return answer;
  }
  async function askStore(organizationId: string, fingerprint: string): Promise<readonly Session[]> {
    try {
      return await store.find(organizationId, fingerprint);
    } catch (error) {
      throw fail('ERR_PROXY_PLATFORM', 'The platform cannot look up the session now.', { cause: error });
    }
  }
  return {
    isMissing: ({ id }, fingerprint) => (missing.get(`${id} ${fingerprint}`) ?? 0) > now(),
    async load({ id, organizationId }, fingerprint) {
      const key = `${organizationId} ${fingerprint}`;
      const sessions = await (asking.get(key) ?? ask(key, organizationId, fingerprint));
      for (const session of sessions) found(session);
      if (!sessions.some(({ routeId }) => routeId === id)) missing.set(`${id} ${fingerprint}`, now() + unsureMs);
    },
  };
}
