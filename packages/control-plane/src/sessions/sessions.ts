// MCP sessions as the proxy keeps them: they outlive the process, and every server on the database sees them.

/** One session of one upstream. */
export interface McpSession {
  readonly organizationId: string;
  /** Id of the deployment or of the connector whose address it was opened at. */
  readonly routeId: string;
  /** SHA-256 of the session's id, base64url. */
  readonly fingerprint: string;
  /** Name of who opened it. */
  readonly principal: string;
  /** Name of the instance that made it. */
  readonly instance: string;
  /** Milliseconds since 1970. */
  readonly lastUsedAt: number;
}

/** Something to be written down. */
export interface McpSessionChange {
  /**
   * `opened`: takes the place of what is there under the same route and fingerprint. `used`: a row of the same principal gets the new
   * time and instance, a missing one is made, another principal's stays. `closed`: a row of the same principal and instance goes.
   */
  readonly kind: 'opened' | 'used' | 'closed';
  readonly session: McpSession;
}

/**
 * The sessions of all organizations. One principal has at most 1,000 and an organization 100,000: those used longest ago make room.
 * A session that was not used for seven days is gone, and so are those of a deployment or connector that is.
 */
export interface Sessions {
  /** Those with this fingerprint, of whatever route; at most 8. */
  find(organizationId: string, fingerprint: string): Promise<readonly McpSession[]>;
  /** Writes changes of different sessions. */
  write(changes: readonly McpSessionChange[]): Promise<void>;
  /** Removes what has had its time, a bounded number at once, and says how many. `start` does it every ten minutes. */
  expire(): Promise<number>;
}
