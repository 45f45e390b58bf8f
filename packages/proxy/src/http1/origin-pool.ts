// The connections of one origin. The one used last is taken first, so that those not needed grow old and go.
import type { UpstreamListener, UpstreamRequest } from '../upstream.ts';
import { Connection } from './connection.ts';
import type { ConnectionHome, ConnectionTimes, Writes } from './connection.ts';
import type { Deadlines } from './deadlines.ts';
import type { RequestText } from './request-text.ts';

/** Connections for requests of one kind. */
export class OriginPool implements ConnectionHome {
  readonly host: string;
  readonly port: number;
  readonly times: ConnectionTimes;
  readonly deadlines: Deadlines<Connection>;
  readonly writes: Writes;
  readonly #onEmpty: () => void;
  readonly #idle: Connection[] = [];
  #open = 0;

  /** @param onEmpty told when the last connection is closed */
  constructor(
    address: Readonly<Pick<ConnectionHome, 'host' | 'port'>>,
    times: ConnectionTimes,
    deadlines: Deadlines<Connection>,
    writes: Writes,
    onEmpty: () => void,
  ) {
    this.host = address.host;
    this.port = address.port;
    this.times = times;
    this.deadlines = deadlines;
    this.writes = writes;
    this.#onEmpty = onEmpty;
  }

  /** Whether it has no connection, not even an idle one. */
  get empty(): boolean {
    return this.#open === 0;
  }

  send(request: UpstreamRequest, text: RequestText, listener: UpstreamListener): void {
    this.#take().send(request, text, listener);
  }

  onIdle(connection: Connection): void {
    this.#idle.push(connection);
  }

  onGone(connection: Connection): void {
    const index = this.#idle.lastIndexOf(connection);
    if (index !== -1) this.#idle.splice(index, 1);
    this.#open -= 1;
    if (this.#open === 0) this.#onEmpty();
  }

  #take(): Connection {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (idle.usable) return idle;
      idle.abort();
    }
    this.#open += 1;
    return new Connection(this);
  }
}
