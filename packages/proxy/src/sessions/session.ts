// What is kept of a session, and the port to where it is kept beyond one process.
import { hash } from 'node:crypto';

/** One session of one upstream. The id itself is kept nowhere: whoever reads the table cannot use what it names. */
export interface Session {
  readonly organizationId: string;
  /** Id of the route it was opened through. */
  readonly routeId: string;
  /** SHA-256 of the id, base64url. */
  readonly fingerprint: string;
  /** Who opened it, as {@link principalKey} names them. */
  readonly principal: string;
  /** The instance that made it, as {@link instanceOf} names it; the origin of a connector by URL. */
  readonly instance: string;
  /** Milliseconds since 1970, exact to some minutes. */
  readonly lastUsedAt: number;
}

/** Something to be written down. */
export interface SessionChange {
  /**
   * `opened`: takes the place of what is there under the same route and fingerprint. `used`: a row of the same principal gets the new
   * time and instance, a missing one is made, another principal's stays. `closed`: a row of the same principal and instance goes.
   */
  readonly kind: 'opened' | 'used' | 'closed';
  readonly session: Session;
}

/** Where sessions outlive the process and are seen by other servers. */
export interface SessionStore {
  /** Every session of the organization with this fingerprint, of whatever route; at most 8. */
  find(organizationId: string, fingerprint: string): Promise<readonly Session[]>;
  /** Writes all or nothing, in the order given; at most 100, each of another session. */
  write(changes: readonly SessionChange[]): Promise<void>;
}

/** How a session id is known. */
export function fingerprintOf(sessionId: string): string {
  return hash('sha256', sessionId, 'base64url');
}
