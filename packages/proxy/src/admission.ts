// Decides who may make a call: nobody asked on exposed paths, a person or an agent of the right organization everywhere else.
import { isRunlayerError } from '@runlayer/errors';
import type { Subject } from '@runlayer/identity-forward';
import type { CallerCache } from './caller-cache.ts';
import type { Caller } from './caller.ts';
import { findCredential } from './credential.ts';
import type { Credential } from './credential.ts';
import { fail } from './error-codes.ts';
import { isExposed } from './exposed-path.ts';
import type { HostGuard } from './host-guard.ts';
import type { PreparedRoute, PrepareRoute } from './prepared-route.ts';
import type { RequestHead } from './request-head.ts';
import { plainPath } from './request-target.ts';
import type { RequestTarget } from './request-target.ts';
import type { ProxyRoute, Routes } from './route.ts';
import { sooner } from './sooner.ts';
import { wellKnownPaths } from './well-known.ts';

/** A call that may go on. */
export interface Admission {
  readonly prepared: PreparedRoute;
  /** For whom; `undefined` for an anonymous call of an exposed path. */
  readonly subject: Subject | undefined;
  /** Whether the caller showed a good credential of the platform, anonymous or not. */
  readonly keyed: boolean;
  /** Whether `Authorization` held a credential of the platform, which no upstream may see. */
  readonly dropAuthorization: boolean;
  /** The upstream's paths that may hold the discovery document that is asked for, in order; empty for every other call. */
  readonly documents: readonly string[];
}

export const noDocuments: readonly string[] = [];

/** What admission asks. */
export interface AdmissionParts {
  readonly routes: Routes;
  readonly prepare: PrepareRoute;
  readonly callers: CallerCache;
  readonly guard: HostGuard;
}

/**
 * Admits a call or throws, at once where route and caller are remembered. A route of another organization is answered like one that
 * does not exist, and neither is told apart from the other without a good credential.
 *
 * @throws `ERR_PROXY_PATH`, `ERR_PROXY_ORIGIN`, `ERR_PROXY_UNAUTHENTICATED`, `ERR_PROXY_NOT_FOUND`, `ERR_PROXY_NO_SUBJECT`,
 * `ERR_PROXY_FORBIDDEN`, `ERR_PROXY_PLATFORM`
 */
export function admit(target: RequestTarget, head: RequestHead, parts: AdmissionParts): Admission | Promise<Admission> {
  const path = plainPath(target.path);
  if (path === undefined || target.query.includes('#')) throw fail('ERR_PROXY_PATH', 'The path can be read in more than one way.');
  try {
    const admitted = sooner(findRoute(target, parts), (route) => admitTo(route, target, path, head, parts));
    return admitted instanceof Promise ? admitted.catch(rethrow) : admitted;
  } catch (error) {
    return rethrow(error);
  }
}

/** The answer of the platform's own tables. Their failure is no fault of the call. */
function rethrow(error: unknown): never {
  if (isRunlayerError(error)) throw error;
  throw fail('ERR_PROXY_PLATFORM', 'The platform cannot look up this call now.', { cause: error });
}

function findRoute(target: RequestTarget, { routes }: AdmissionParts): ReturnType<Routes['deployment']> {
  return target.kind === 'hosted' ? routes.deployment(target.id) : routes.connector(target.id);
}

function admitTo(
  route: ProxyRoute | undefined,
  target: RequestTarget,
  path: string,
  head: RequestHead,
  parts: AdmissionParts,
): Admission | Promise<Admission> {
  const prepared = route === undefined ? undefined : parts.prepare(route, target);
  if (target.kind === 'connector' && target.path === '') throw notFound(target);
  const documents = prepared === undefined || target.document === '' ? noDocuments : wellKnownPaths(target, path, prepared);
  // Nobody needs a key to be told that a document is not there.
  if (target.document !== '' && documents.length === 0) throw notFound(target);
  const exposed = prepared !== undefined && (documents.length > 0 || opensTo(target, path, prepared));
  if (!exposed) parts.guard.checkOrigin(head.origin);
  const credential = findCredential(head.apiKey, head.authorization);
  const caller = credential === undefined ? undefined : parts.callers.find(credential.value);
  const beside = credential?.beside === undefined ? undefined : parts.callers.find(credential.beside);
  const decide = (whose: Caller | undefined, others: Caller | undefined): Admission => {
    const dropAuthorization = others !== undefined || (whose !== undefined && credential?.inAuthorization === true);
    const keyed = others !== undefined || whose !== undefined;
    if (exposed) return { prepared, subject: knownSubject(prepared, whose), keyed, dropAuthorization, documents };
    return { ...admitCaller(prepared, target, whose, credential), keyed, dropAuthorization, documents };
  };
  if (caller instanceof Promise || beside instanceof Promise)
    return Promise.all([caller, beside]).then(([whose, others]) => decide(whose, others));
  return decide(caller, beside);
}

/** A connector shows its MCP endpoint only. */
function opensTo(target: RequestTarget, path: string, { route, mcpPath }: PreparedRoute): boolean {
  return target.kind === 'hosted' && isExposed(path, route.expose, mcpPath);
}

function admitCaller(
  prepared: PreparedRoute | undefined,
  target: RequestTarget,
  caller: Caller | undefined,
  credential: Credential | undefined,
): Pick<Admission, 'prepared' | 'subject'> {
  if (caller === undefined) throw unauthenticated(credential);
  if (prepared === undefined || prepared.route.organizationId !== caller.organizationId) throw notFound(target);
  if (caller.subject === undefined)
    throw fail('ERR_PROXY_NO_SUBJECT', "An organization's API key stands for nobody, so it cannot call servers.");
  if (!caller.mayCall) throw fail('ERR_PROXY_FORBIDDEN', 'The role of this account does not include calling servers.');
  return { prepared, subject: caller.subject };
}

/** On an exposed path a good credential still tells who calls. */
function knownSubject(prepared: PreparedRoute, caller: Caller | undefined): Subject | undefined {
  return caller?.mayCall === true && caller.organizationId === prepared.route.organizationId ? caller.subject : undefined;
}

/** The 404 of a route; also for one that exists in another organization. */
export function notFound(target: RequestTarget): Error {
  return fail('ERR_PROXY_NOT_FOUND', `There is no ${target.kind === 'hosted' ? 'deployment' : 'connector'} ${target.id}.`);
}

function unauthenticated(credential: Credential | undefined): Error {
  return fail('ERR_PROXY_UNAUTHENTICATED', credential === undefined ? 'No API key was sent.' : 'The API key is not known.', {
    data: { credential: credential === undefined ? 'missing' : 'invalid' },
  });
}
