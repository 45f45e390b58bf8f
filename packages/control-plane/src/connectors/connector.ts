// A connector as callers see it: an MCP server reachable through the proxy.

/** How the upstream speaks MCP: streaming HTTP, or HTTP with SSE of the revision 2024-11-05. */
export type Transport = 'streaming-http' | 'sse';

/** What the proxy tells the upstream about the caller. Both are off at first. */
export interface IdentityForward {
  /** Plain `X-Runlayer-*` headers. */
  readonly headers: boolean;
  /** A signed token in `X-Runlayer-Identity-Token`. */
  readonly token: boolean;
}

/** A connector. Exactly one of `deploymentId` and `url` is set. Times are ISO 8601 UTC. */
export interface Connector {
  /** UUID; the audience of its identity tokens. */
  readonly id: string;
  readonly organizationId: string;
  readonly name: string;
  readonly description: string | null;
  readonly icon: string | null;
  readonly deploymentId: string | null;
  readonly url: string | null;
  readonly transport: Transport;
  readonly identityForward: IdentityForward;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** What a new connector is made of: a deployment, or an address. */
export interface NewConnector {
  /** 1–200 characters. Default for a deployment: its name. */
  readonly name?: string | undefined;
  readonly description?: string | null | undefined;
  readonly icon?: string | null | undefined;
  readonly deploymentId?: string | undefined;
  /** `http:` or `https:` address of the MCP endpoint, without user name, password or fragment. */
  readonly url?: string | undefined;
  /** Default `streaming-http`. */
  readonly transport?: Transport | undefined;
  readonly identityForward?: Partial<IdentityForward> | undefined;
}

/** What of a connector may change; what is left out stays. */
export interface ConnectorChange {
  readonly name?: string | undefined;
  readonly description?: string | null | undefined;
  readonly icon?: string | null | undefined;
  readonly transport?: Transport | undefined;
  readonly identityForward?: Partial<IdentityForward> | undefined;
}
