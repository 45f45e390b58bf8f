// Verbs on people, agent accounts, API keys, connectors and the audit log.
import { type Api, type CallOptions, type PageOptions, pageQuery, type Schemas, signalOf, value } from './calls.ts';

/** Connectors (wire: servers). */
export interface ServerVerbs {
  list(options?: PageOptions): Promise<Schemas['ServerPage']>;
  create(input: Schemas['CreateServer'], options?: CallOptions): Promise<Schemas['Server']>;
  get(id: string, options?: CallOptions): Promise<Schemas['Server']>;
  patch(id: string, input: Schemas['PatchServer'], options?: CallOptions): Promise<Schemas['Server']>;
  remove(id: string, options?: CallOptions): Promise<void>;
}

/** A list that can be added to. */
export interface ListVerbs<Page, Input, Created> {
  list(options?: PageOptions): Promise<Page>;
  create(input: Input, options?: CallOptions): Promise<Created>;
}

/** A list whose entries can be changed. */
export interface AccountVerbs<Page, Input, Change, Created> extends ListVerbs<Page, Input, Created> {
  patch(id: string, change: Change, options?: CallOptions): Promise<Created>;
}

/** People, agent accounts, keys, connectors, audit. */
export interface OrganizationVerbs {
  /** Who the key belongs to. */
  me(options?: CallOptions): Promise<Schemas['Me']>;
  readonly users: AccountVerbs<Schemas['UserPage'], Schemas['CreateUser'], Schemas['PatchUser'], Schemas['User']>;
  readonly agents: AccountVerbs<Schemas['AgentPage'], Schemas['CreateAgent'], Schemas['PatchAgent'], Schemas['Agent']>;
  readonly apiKeys: ListVerbs<Schemas['ApiKeyPage'], Schemas['CreateApiKey'], Schemas['CreatedApiKey']> & {
    /** Revokes at once. */
    revoke(id: string, options?: CallOptions): Promise<void>;
  };
  readonly servers: ServerVerbs;
  /** Newest first. */
  auditEvents(options?: PageOptions): Promise<Schemas['AuditEventPage']>;
}

const users = '/api/v1/users';
const agents = '/api/v1/agents';
const keys = '/api/v1/api-keys';
const servers = '/api/v1/servers';
const audit = '/api/v1/audit-events';

/** Binds the verbs to a client. */
export function organizationVerbs(api: Api): OrganizationVerbs {
  return {
    me: (options = {}) => value('GET', `${users}/me`, api.GET(`${users}/me`, signalOf(options))),
    users: {
      list: (options = {}) => value('GET', users, api.GET(users, { params: { query: pageQuery(options) }, ...signalOf(options) })),
      create: (body, options = {}) => value('POST', users, api.POST(users, { body, ...signalOf(options) })),
      patch: (id, body, options = {}) =>
        value('PATCH', `${users}/${id}`, api.PATCH(`${users}/{id}`, { params: { path: { id } }, body, ...signalOf(options) })),
    },
    agents: {
      list: (options = {}) => value('GET', agents, api.GET(agents, { params: { query: pageQuery(options) }, ...signalOf(options) })),
      create: (body, options = {}) => value('POST', agents, api.POST(agents, { body, ...signalOf(options) })),
      patch: (id, body, options = {}) =>
        value('PATCH', `${agents}/${id}`, api.PATCH(`${agents}/{id}`, { params: { path: { id } }, body, ...signalOf(options) })),
    },
    apiKeys: {
      list: (options = {}) => value('GET', keys, api.GET(keys, { params: { query: pageQuery(options) }, ...signalOf(options) })),
      create: (body, options = {}) => value('POST', keys, api.POST(keys, { body, ...signalOf(options) })),
      revoke: (id, options = {}) =>
        value('DELETE', `${keys}/${id}`, api.DELETE(`${keys}/{id}`, { params: { path: { id } }, ...signalOf(options) })),
    },
    servers: serverVerbs(api),
    auditEvents: (options = {}) => value('GET', audit, api.GET(audit, { params: { query: pageQuery(options) }, ...signalOf(options) })),
  };
}

function serverVerbs(api: Api): ServerVerbs {
  return {
    list: (options = {}) => value('GET', servers, api.GET(servers, { params: { query: pageQuery(options) }, ...signalOf(options) })),
    create: (body, options = {}) => value('POST', servers, api.POST(servers, { body, ...signalOf(options) })),
    get: (id, options = {}) =>
      value('GET', `${servers}/${id}`, api.GET(`${servers}/{id}`, { params: { path: { id } }, ...signalOf(options) })),
    patch: (id, body, options = {}) =>
      value('PATCH', `${servers}/${id}`, api.PATCH(`${servers}/{id}`, { params: { path: { id } }, body, ...signalOf(options) })),
    remove: (id, options = {}) =>
      value('DELETE', `${servers}/${id}`, api.DELETE(`${servers}/{id}`, { params: { path: { id } }, ...signalOf(options) })),
  };
}
