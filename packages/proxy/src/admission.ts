// Decides who may make a call: nobody asked on exposed paths, a person or an agent of the right organization everywhere else.
import type { IncomingHttpHeaders } from 'node:http';
import type { Subject } from '@runlayer/identity-forward';
import type { CallerCache } from './caller-cache.ts';
import type { Caller } from './caller.ts';
import { findCredential } from './credential.ts';
import type { Credential } from './credential.ts';
import { fail } from './error-codes.ts';
import { isExposed } from './exposed-path.ts';
import type { HostGuard } from './host-guard.ts';
import type { PreparedRoute } from './prepared-route.ts';
import type { RequestTarget } from './request-target.ts';

/** A call that may go on. */
export interface Admission {
  readonly prepared: PreparedRoute;
  /** For whom; `undefined` for an anonymous call of an exposed path. */
  readonly subject: Subject | undefined;
  /** Whether the caller showed a good credential of the platform, anonymous or not. */
  readonly keyed: boolean;
  /** Whether `Authorization` held a credential of the platform, which no upstream may see. */
  readonly dropAuthorization: boolean;
}

/** What admission asks. */
export interface AdmissionParts {
  readonly callers: CallerCache;
  readonly guard: HostGuard;
}

/**
 * Admits a call or throws. A route of another organization is answered like one that does not exist, and neither is told apart
 * from the other without a good credential.
 *
 * @param path plain path below the prefix
 * @throws `ERR_PROXY_ORIGIN`, `ERR_PROXY_UNAUTHENTICATED`, `ERR_PROXY_NOT_FOUND`, `ERR_PROXY_NO_SUBJECT`, `ERR_PROXY_FORBIDDEN`
 */
export async function admit(
  target: RequestTarget,
  path: string,
  prepared: PreparedRoute | undefined,
  headers: IncomingHttpHeaders,
  parts: AdmissionParts,
): Promise<Admission> {
  const exposed = prepared !== undefined && target.kind === 'hosted' && isExposed(path, prepared.route.expose, prepared.mcpPath);
  if (!exposed) parts.guard.checkOrigin(headers.origin);
  const credential = findCredential(headers);
  const found = credential === undefined ? undefined : parts.callers.find(credential.value);
  const caller = found instanceof Promise ? await found : found;
  const keyBeside = credential?.beside !== undefined && (await parts.callers.find(credential.beside)) !== undefined;
  const dropAuthorization = keyBeside || (caller !== undefined && credential?.inAuthorization === true);
  if (exposed) return { prepared, subject: knownSubject(prepared, caller), keyed: keyBeside || caller !== undefined, dropAuthorization };
  if (caller === undefined) throw unauthenticated(credential);
  if (prepared === undefined || prepared.route.organizationId !== caller.organizationId) throw notFound(target);
  if (caller.subject === undefined)
    throw fail('ERR_PROXY_NO_SUBJECT', "An organization's API key stands for nobody, so it cannot call servers.");
  if (!caller.mayCall) throw fail('ERR_PROXY_FORBIDDEN', 'The role of this account does not include calling servers.');
  return { prepared, subject: caller.subject, keyed: true, dropAuthorization };
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
