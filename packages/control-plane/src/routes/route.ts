// Where the proxy sends a call: the target of a deployment or connector, as last verified.
import type { Endpoint } from '@runlayer/provisioner';
import type { IdentityForward, Transport } from '../connectors/connector.ts';
import type { DeploymentState } from '../deployments/deployment.ts';

/** The target of a call. */
export interface Route {
  readonly kind: 'deployment' | 'connector';
  /** UUID in the address: of the deployment or of the connector. */
  readonly id: string;
  readonly organizationId: string;
  /** Set for a deployment and for a connector made from one. */
  readonly deploymentId: string | null;
  /** Audience of identity tokens: the connector's id; for a deployment that of its oldest connector, else the one set aside. */
  readonly serverId: string;
  readonly transport: Transport;
  /** Address of an upstream registered by URL; `null` when `endpoints` are to be used. */
  readonly url: string | null;
  /** Where instances answer. Empty unless `state` is `serving`. */
  readonly endpoints: readonly Endpoint[];
  /** Former instances that still run: they serve the sessions they have, and nothing else. */
  readonly draining: readonly Endpoint[];
  /** Upstream path of the MCP endpoint; `null` when the file names none. */
  readonly servicePath: string | null;
  readonly servicePort: number | null;
  /** Routes that need no authentication, of the release that serves. */
  readonly expose: readonly string[];
  readonly forward: IdentityForward;
  /** `serving` for an upstream registered by URL. */
  readonly state: DeploymentState;
  /** Why it does not serve, one sentence for the caller; `null` when it does. */
  readonly reason: string | null;
}

/** What may have changed. */
export interface RouteChange {
  readonly deploymentIds: readonly string[];
  readonly connectorIds: readonly string[];
  /** Set when any other may have changed too: the target could not be heard for a while. */
  readonly everything?: true | undefined;
}

/** Finds targets. Once warm it answers from memory, synchronously; a change forgets what it concerns. */
export interface Routes {
  /** Target of `/proxy/hosted/<id>`. `undefined`: no such deployment. */
  deploymentRoute(id: string): Route | undefined | Promise<Route | undefined>;
  /** Target of `/proxy/<id>`. `undefined`: no such connector. */
  connectorRoute(id: string): Route | undefined | Promise<Route | undefined>;
  /** Observes the deployment again, at most once a second: call it when an endpoint refuses a connection. */
  refresh(deploymentId: string): Promise<void>;
  /** Calls back after each change; call what it returns to stop. A listener must not throw. */
  onChange(listener: (change: RouteChange) => void): () => void;
}
