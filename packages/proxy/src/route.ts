// Where a call goes: what the proxy needs to know of a deployment or a connector, as plain data.

/** A place where an instance answers. Private: never shown to a caller. */
export interface Endpoint {
  /** Name of the instance: container id or task id. */
  readonly instance?: string | undefined;
  /** IP literal reachable from the platform, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/** What the caller's identity looks like upstream; both off by default in the product. */
export interface ForwardToggles {
  /** Plain `X-Runlayer-*` headers. */
  readonly headers: boolean;
  /** Signed `X-Runlayer-Identity-Token`. */
  readonly token: boolean;
}

/** Why a known route serves nothing now. */
export interface Unavailable {
  /** One sentence for the caller, such as `The deployment is starting.` Never holds a secret. */
  readonly reason: string;
  /** Seconds for `Retry-After`. Default 5. */
  readonly retryAfterSeconds?: number | undefined;
}

/** One upstream behind a public URL. Treat as immutable: the proxy keeps what it computes from a route object with it. */
export interface ProxyRoute {
  /** UUID in the public URL: of the deployment, or of the connector. */
  readonly id: string;
  readonly organizationId: string;
  /** Server id for which identity tokens are signed (their audience). */
  readonly serverId: string;
  /** Instances that serve; several are taken in turn. Ignored when `origin` is set. */
  readonly endpoints: readonly Endpoint[];
  /** Instances that are on their way out: they take no new sessions, and serve those they have. Default: none. */
  readonly draining?: readonly Endpoint[] | undefined;
  /** Origin of a connector by URL, such as `https://mcp.example.com`. Its address must be public unless `allowAddress` says otherwise. */
  readonly origin?: string | undefined;
  /** Port the service listens on inside its container, for `Host` and for messages. Default: the port of the endpoint. */
  readonly containerPort?: number | undefined;
  /** Path of the MCP endpoint upstream, with its query if it has one, such as `/mcp`. */
  readonly mcpPath: string;
  /** Transport of a connector. Default `streaming-http`; `sse` also opens the message paths below the connector's URL. */
  readonly transport?: 'streaming-http' | 'sse' | undefined;
  /** Paths below a hosted URL that need no authentication (`service.expose`); compared whole. */
  readonly expose: readonly string[];
  readonly forward: ForwardToggles;
  /** Set while nothing serves: every call is answered 503 with the reason. */
  readonly unavailable?: Unavailable | undefined;
}

/** Finds routes. Answers may come at once or later. The implementation caches: it returns the same object while nothing has changed. */
export interface Routes {
  /** The route of `/api/v1/proxy/hosted/<id>`; `undefined` when there is none. */
  deployment(id: string): ProxyRoute | undefined | Promise<ProxyRoute | undefined>;
  /** The route of `/api/v1/proxy/<id>/mcp`; `undefined` when there is none. */
  connector(id: string): ProxyRoute | undefined | Promise<ProxyRoute | undefined>;
  /** Told that no endpoint of a route could be connected: look again, and return what holds now. */
  refresh?(route: ProxyRoute): ProxyRoute | undefined | Promise<ProxyRoute | undefined>;
}
