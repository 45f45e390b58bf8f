// What all calls of one proxy share.
import type { AdmissionParts } from './admission.ts';
import type { Sign } from './caller.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import type { Concurrency } from './concurrency.ts';
import type { EventIds } from './sessions/event-ids.ts';
import type { SessionTable } from './sessions/sessions.ts';
import type { ProxySettings } from './settings.ts';
import type { StreamComments } from './stream-comments.ts';
import type { Upstream } from './upstream.ts';
import type { WriteBatch } from './write-batch.ts';

export interface ProxyParts extends AdmissionParts {
  readonly settings: ProxySettings;
  readonly sign: Sign | undefined;
  /** To containers. */
  readonly upstream: Upstream;
  /** To addresses that a person gave. */
  readonly guardedUpstream: Upstream;
  readonly writes: WriteBatch;
  readonly comments: StreamComments;
  readonly sessions: SessionTable;
  readonly eventIds: EventIds;
  readonly concurrency: Concurrency;
  readonly breaker: CircuitBreaker;
}
