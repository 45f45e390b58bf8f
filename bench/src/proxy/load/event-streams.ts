// The upstream's event streams: opened and left idle, told something all at once, or played to, an event a second each.
import type { ServerResponse } from 'node:http';

export interface EventStreams {
  open(response: ServerResponse): void;
  /** Streams that are open. */
  count(): number;
  /** Sends one event to all; says to how many. */
  announce(): string;
  /** Sends so many numbered events to each, one a second, each stream at its own moment, and then ends them. */
  play(events: number): void;
}

export function createEventStreams(): EventStreams {
  const open = new Set<ServerResponse>();
  return {
    open(response) {
      open.add(response);
      response.on('close', () => open.delete(response));
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
      response.write('event: ready\ndata: {}\n\n');
    },
    count: () => open.size,
    announce() {
      for (const response of open) response.write('event: announcement\ndata: {}\n\n');
      return String(open.size);
    },
    play: (events) => play([...open], events),
  };
}

function play(streams: readonly ServerResponse[], events: number): void {
  const began = performance.now();
  const all = streams.length * events;
  let sent = 0;
  const tick = (): void => {
    const due = Math.min(all, Math.floor(((performance.now() - began) / 1000) * streams.length));
    for (; sent < due; sent += 1) {
      const data = { jsonrpc: '2.0', method: 'notifications/message', params: { number: Math.floor(sent / streams.length), at: now() } };
      streams[sent % streams.length]?.write(`event: message\ndata: ${JSON.stringify(data)}\n\n`);
    }
    if (sent < all) setTimeout(tick, 1);
    else streams.forEach((stream) => stream.end());
  };
  tick();
}

/** Nanoseconds on the clock that all programs of the machine share. */
function now(): number {
  return Number(process.hrtime.bigint());
}
