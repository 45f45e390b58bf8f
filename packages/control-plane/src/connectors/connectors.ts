// The verbs of connectors: register from a deployment or by address, read, change, delete.
import type { Page, PageRequest } from '../page.ts';
import type { Principal } from '../principal.ts';
import type { Connector, ConnectorChange, NewConnector } from './connector.ts';

/** Manages connectors. Every verb throws `ERR_FORBIDDEN` when the role lacks the right, `ERR_CONNECTOR_NOT_FOUND` for an unknown id. */
export interface Connectors {
  /**
   * Registers a connector. Throws `ERR_CONNECTOR_INVALID`, `ERR_CONNECTOR_URL_INVALID`, `ERR_CONNECTOR_URL_REFUSED` (private address),
   * `ERR_DEPLOYMENT_NOT_FOUND`, `ERR_DEPLOYMENT_DELETED`.
   */
  register(principal: Principal, input: NewConnector): Promise<Connector>;
  get(principal: Principal, id: string): Promise<Connector>;
  /** Oldest first. */
  list(principal: Principal, page?: PageRequest & { readonly deploymentId?: string | undefined }): Promise<Page<Connector>>;
  /** Changes what is given; the change, identity toggles among it, is in the audit log. */
  update(principal: Principal, id: string, change: ConnectorChange): Promise<Connector>;
  delete(principal: Principal, id: string): Promise<void>;
}
