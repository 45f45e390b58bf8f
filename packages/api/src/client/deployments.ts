// Verbs on deployments and their releases.
import { type Api, type CallOptions, type PageOptions, pageQuery, type Schemas, signalOf, value } from './calls.ts';

/** What deployments and releases can be asked. Each verb is one request; values are those of the wire. */
export interface DeploymentVerbs {
  /** Newest first; deleted ones are left out unless asked for. */
  list(options?: PageOptions & { readonly includeDeleted?: boolean }): Promise<Schemas['DeploymentPage']>;
  /** Creates the record; nothing runs yet. `template_yaml` of the answer is the file to write. */
  create(input: Schemas['CreateDeployment'], options?: CallOptions): Promise<Schemas['Deployment']>;
  /** Reads the record; deleted ones stay readable. */
  get(id: string, options?: CallOptions): Promise<Schemas['Deployment']>;
  /** Checks a file after substitution; an invalid one is an answer with `valid: false`, not an error. */
  validate(yamlContent: string, options?: CallOptions): Promise<Schemas['YamlValidity']>;
  registryCredentials(options?: CallOptions): Promise<Schemas['RegistryCredentials']>;
  /** Stores configuration and image for the next release. Leave `docker_image` out in image mode. */
  update(id: string, input: Schemas['UpdateDeployment'], options?: CallOptions): Promise<Schemas['Deployment']>;
  /** Changes name or icon. */
  patch(id: string, input: Schemas['PatchDeployment'], options?: CallOptions): Promise<Schemas['Deployment']>;
  /** Starts a release of what is stored. Sent again with the same `idempotencyKey`, it answers with the same release. */
  trigger(id: string, options?: CallOptions & { readonly idempotencyKey?: string }): Promise<Schemas['Triggered']>;
  /** Status of the newest release. */
  status(id: string, options?: CallOptions): Promise<Schemas['DeploymentStatus']>;
  history(id: string, options?: PageOptions): Promise<Schemas['ReleasePage']>;
  release(historyId: string, options?: CallOptions): Promise<Schemas['Release']>;
  /**
   * The release log so far, or what came after line `after`: whole lines without a newline at the end, only ever growing.
   * Pass the `lines` of one answer as the `after` of the next.
   */
  releaseLogs(historyId: string, options?: CallOptions & { readonly after?: number }): Promise<Schemas['ReleaseLogs']>;
  /** Lines of the running container. `tail`: how many at most, 1–5000, default 200. `since`: ISO 8601. */
  containerLogs(
    id: string,
    options?: CallOptions & { readonly tail?: number; readonly since?: string },
  ): Promise<Schemas['ContainerLogLine'][]>;
  /** The stored configuration as a file, with `${NAME}` for every value of `env`. */
  exportYaml(id: string, options?: CallOptions): Promise<string>;
  /** Starts the teardown. `deleteConnectors` also removes the connectors that would refuse it (admins only). */
  destroy(id: string, options?: CallOptions & { readonly deleteConnectors?: boolean }): Promise<Schemas['Deletion']>;
}

const base = '/api/v1/deployments';

/** Binds the verbs to a client. */
export function deploymentVerbs(api: Api): DeploymentVerbs {
  return { ...recordVerbs(api), ...releaseVerbs(api) };
}

type RecordVerb = 'list' | 'create' | 'get' | 'validate' | 'registryCredentials' | 'update' | 'patch' | 'exportYaml' | 'destroy';

function recordVerbs(api: Api): Pick<DeploymentVerbs, RecordVerb> {
  return {
    list: (options = {}) => {
      const query = { ...pageQuery(options), ...(options.includeDeleted === true ? { include_deleted: 'true' as const } : {}) };
      return value('GET', `${base}/`, api.GET(`${base}/`, { params: { query }, ...signalOf(options) }));
    },
    create: (body, options = {}) => value('POST', `${base}/`, api.POST(`${base}/`, { body, ...signalOf(options) })),
    get: (id, options = {}) => value('GET', `${base}/${id}`, api.GET(`${base}/{id}`, { params: { path: { id } }, ...signalOf(options) })),
    validate: (yaml_content, options = {}) =>
      value('POST', `${base}/validate-yaml`, api.POST(`${base}/validate-yaml`, { body: { yaml_content }, ...signalOf(options) })),
    registryCredentials: (options = {}) =>
      value('POST', `${base}/registry-credentials`, api.POST(`${base}/registry-credentials`, signalOf(options))),
    update: (id, body, options = {}) =>
      value('PUT', `${base}/${id}`, api.PUT(`${base}/{id}`, { params: { path: { id } }, body, ...signalOf(options) })),
    patch: (id, body, options = {}) =>
      value('PATCH', `${base}/${id}`, api.PATCH(`${base}/{id}`, { params: { path: { id } }, body, ...signalOf(options) })),
    exportYaml: async (id, options = {}) => {
      const call = api.GET(`${base}/{id}/export-yaml`, { params: { path: { id } }, ...signalOf(options) });
      return (await value('GET', `${base}/${id}/export-yaml`, call)).yaml_content;
    },
    destroy: (id, options = {}) => {
      const query = options.deleteConnectors === true ? { delete_connectors: 'true' as const } : {};
      return value('DELETE', `${base}/${id}`, api.DELETE(`${base}/{id}`, { params: { path: { id }, query }, ...signalOf(options) }));
    },
  };
}

function releaseVerbs(api: Api): Omit<DeploymentVerbs, RecordVerb> {
  return {
    trigger: (id, { idempotencyKey, ...options } = {}) => {
      const header = idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey };
      const call = api.POST(`${base}/{id}/trigger`, { params: { path: { id }, header }, headers: header, ...signalOf(options) });
      return value('POST', `${base}/${id}/trigger`, call);
    },
    status: (id, options = {}) =>
      value('GET', `${base}/${id}/status`, api.GET(`${base}/{id}/status`, { params: { path: { id } }, ...signalOf(options) })),
    history: (id, options = {}) => {
      const params = { path: { id }, query: pageQuery(options) };
      return value('GET', `${base}/${id}/history`, api.GET(`${base}/{id}/history`, { params, ...signalOf(options) }));
    },
    release: (id, options = {}) =>
      value('GET', `${base}/history/${id}`, api.GET(`${base}/history/{id}`, { params: { path: { id } }, ...signalOf(options) })),
    releaseLogs: (id, { after, ...options } = {}) => {
      const params = { path: { id }, query: after === undefined ? {} : { after } };
      return value('GET', `${base}/history/${id}/logs`, api.GET(`${base}/history/{id}/logs`, { params, ...signalOf(options) }));
    },
    containerLogs: async (id, { tail, since, ...options } = {}) => {
      const query = { ...(tail === undefined ? {} : { tail }), ...(since === undefined ? {} : { since }) };
      const call = api.GET(`${base}/{id}/logs`, { params: { path: { id }, query }, ...signalOf(options) });
      return (await value('GET', `${base}/${id}/logs`, call)).lines;
    },
  };
}
