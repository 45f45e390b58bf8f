// What the primary process and its workers say to each other. All of it is plain data; credentials and keys stay on the machine's own pipes.
import type { Problem } from '@runlayer/errors';
import type { SigningKey } from '@runlayer/identity-forward';
import type { Caller, ProxyRoute, Session, SessionChange } from '@runlayer/proxy';

/** What a worker must know before it can serve. */
export interface WorkerTask {
  /** Public address of the platform. */
  readonly url: string;
  readonly port: number;
  /** Path of the socket on which the primary answers everything but proxy calls. */
  readonly apiSocket: string;
}

/** Name of the variable that holds a {@link WorkerTask}. */
export const taskVariable = 'RUNLAYER_WORKER_TASK';

/** What a worker may ask, and what it gets. */
export interface Verbs {
  authenticate: { given: { credential: string }; answer: Caller | undefined };
  route: { given: RouteName; answer: ProxyRoute | undefined };
  refresh: { given: RouteName; answer: ProxyRoute | undefined };
  signingKey: { given: undefined; answer: SigningKey };
  findSessions: { given: { organizationId: string; fingerprint: string }; answer: readonly Session[] };
  writeSessions: { given: { changes: readonly SessionChange[] }; answer: void };
}

/** A route by its place in public URLs. */
export interface RouteName {
  readonly kind: 'deployment' | 'connector';
  readonly id: string;
}

export type Verb = keyof Verbs;

/** From a worker. */
export type FromWorker =
  | { readonly type: 'ask'; readonly id: number; readonly verb: Verb; readonly given: Verbs[Verb]['given'] }
  | { readonly type: 'listening' }
  | { readonly type: 'metrics'; readonly id: number; readonly text: string };

/** From the primary. `answer` with `failed` says that the verb threw; with a `problem`, what. */
export type FromPrimary =
  | {
      readonly type: 'answer';
      readonly id: number;
      readonly failed: boolean;
      readonly value?: unknown;
      readonly problem?: Problem | undefined;
    }
  | { readonly type: 'routes-changed' }
  | { readonly type: 'credentials-changed' }
  | { readonly type: 'metrics'; readonly id: number }
  | { readonly type: 'stop' };
