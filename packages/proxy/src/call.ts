// One call from its first byte to its record: the little that every step of it shares.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Subject } from '@runlayer/identity-forward';
import type { AccessRecord } from './access-record.ts';
import type { RequestTarget } from './request-target.ts';

/** State of one call. */
export class Call {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly startedAt: number;
  readonly requestId: string = randomUUID();
  /** Whether a web page asks, so that the answer needs CORS headers. */
  readonly cors: boolean;
  target: RequestTarget | undefined;
  organizationId: string | undefined;
  subject: Subject | undefined;
  bytesSent = 0;
  outcome: AccessRecord['outcome'] = 'complete';
  code: string | undefined;
  /** Whether the answer has ended or the caller has left: nothing more can be sent. */
  over = false;
  /** Destroys what runs upstream. Set while something does. */
  abort: (() => void) | undefined;

  constructor(req: IncomingMessage, res: ServerResponse, now: number) {
    this.req = req;
    this.res = res;
    this.startedAt = now;
    this.cors = req.headers.origin !== undefined;
  }

  record(now: number): AccessRecord {
    const { target, res } = this;
    return {
      requestId: this.requestId,
      startedAt: this.startedAt,
      durationMs: now - this.startedAt,
      kind: target?.kind ?? 'none',
      routeId: target?.id ?? '',
      organizationId: this.organizationId,
      subject: this.subject,
      method: this.req.method ?? '',
      path: target?.path ?? '',
      status: res.headersSent ? res.statusCode : 0,
      bytesSent: this.bytesSent,
      outcome: this.outcome === 'complete' && !res.writableFinished ? 'caller-left' : this.outcome,
      code: this.code,
    };
  }
}
