// The typed client: one object with a verb for each operation.
import createFetch from 'openapi-fetch';
import { type CallOptions, type Schemas, signalOf, value } from './calls.ts';
import { deploymentVerbs, type DeploymentVerbs } from './deployments.ts';
import { baseUrl, headerKey } from './host.ts';
import type { paths } from './openapi.gen.ts';
import { organizationVerbs, type OrganizationVerbs } from './organization.ts';
import { signingKeyVerbs, type SigningKeyVerbs } from './signing-keys.ts';
import { send } from './transport.ts';

/** Settings of a client. */
export interface ClientOptions {
  /** Address of the server with its scheme; a path prefix is kept, trailing slashes are cut. */
  readonly host: string;
  /** Sent as `x-runlayer-api-key`, never logged and never part of an error. Left out, only the public verbs work. */
  readonly apiKey?: string | undefined;
  /** Default: the global fetch. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Value of `User-Agent`. Default `runlayer-client`. */
  readonly userAgent?: string | undefined;
  /** Milliseconds until an answer must be whole. Default 30,000. */
  readonly timeoutMs?: number | undefined;
  /** Milliseconds to wait before each further try of a GET whose connection was refused or cut. Default 200 and 800; empty for none. */
  readonly retryDelaysMs?: readonly number[] | undefined;
}

/** A server, ready to be asked. */
export interface RunlayerClient extends OrganizationVerbs {
  /** Address of the server, without a trailing slash. */
  readonly host: string;
  readonly deployments: DeploymentVerbs;
  readonly signingKeys: SigningKeyVerbs;
  health(options?: CallOptions): Promise<Schemas['Health']>;
}

/**
 * Makes a client. Nothing is sent before the first verb.
 *
 * Every verb throws a `RunlayerError`: the server's own codes; `ERR_SERVER_UNREACHABLE` (with `data.reason` `refused`, `dns`,
 * `tls`, `timeout`, `reset` or `other`), `ERR_SERVER_REDIRECTED`, `ERR_SERVER_ANSWER_UNREADABLE`, or `ERR_HTTP_STATUS` for an
 * answer that is no problem document. An aborted call rejects with the signal's reason.
 *
 * @throws ERR_HOST_INVALID, ERR_API_KEY_MALFORMED
 * @example
 * const client = createClient({ host: 'https://runlayer.example.com', apiKey });
 * const { data } = await client.deployments.list();
 */
export function createClient(options: ClientOptions): RunlayerClient {
  const host = baseUrl(options.host);
  const transport = {
    fetch: options.fetch ?? globalThis.fetch,
    timeoutMs: options.timeoutMs ?? 30_000,
    retryDelaysMs: options.retryDelaysMs ?? [200, 800],
  };
  const api = createFetch<paths>({
    baseUrl: host,
    headers: {
      accept: 'application/json',
      'user-agent': options.userAgent ?? 'runlayer-client',
      ...(options.apiKey === undefined ? {} : { 'x-runlayer-api-key': headerKey(options.apiKey) }),
    },
    fetch: (request) => send(request, transport),
  });
  return {
    host,
    health: (call = {}) => value('GET', '/health', api.GET('/health', signalOf(call))),
    deployments: deploymentVerbs(api),
    signingKeys: signingKeyVerbs(api),
    ...organizationVerbs(api),
  };
}
