// One request on its way. Its controls do nothing once it is over, whatever its connection carries then.
import type { UpstreamControls, UpstreamListener, UpstreamRequest } from '../upstream.ts';
import type { RequestText } from './request-text.ts';

/** Carries a transaction. */
export interface Carrier {
  resume(): void;
  abort(): void;
}

export class Transaction implements UpstreamControls {
  readonly listener: UpstreamListener;
  carrier: Carrier | undefined;
  /** Given up once they are written: a stream must not hold them for hours. */
  request: UpstreamRequest | undefined;
  text: RequestText | undefined;

  constructor(carrier: Carrier, request: UpstreamRequest, text: RequestText, listener: UpstreamListener) {
    this.carrier = carrier;
    this.request = request;
    this.text = text;
    this.listener = listener;
  }

  resume(): void {
    this.carrier?.resume();
  }

  abort(): void {
    this.carrier?.abort();
  }
}
