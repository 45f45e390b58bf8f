// Listens to many event streams at once. Told over its channel to open them; tells what came, and ends when told to.
import { request, type ClientRequest } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { requestHeaders } from '../identity.ts';

/** What it has heard so far. */
export interface Heard {
  /** Streams answered 200 with their first event. */
  readonly accepted: number;
  readonly refused: number;
  /** Streams that got the event sent to all. */
  readonly announced: number;
  /** Streams that ended as they should. */
  readonly ended: number;
  readonly broken: number;
  /** Comment lines. */
  readonly comments: number;
  /** Numbered events, and those of them that were not the next. */
  readonly events: number;
  readonly outOfOrder: number;
  /** Delay of numbered events, microseconds. */
  readonly p50: number;
  readonly p99: number;
}

const { BASE = '', STREAMS = '0' } = process.env;
/** More at once than the listening backlog of a proxy would be refused by the kernel, not by the proxy. */
const openingAtOnce = 100;
/** Connections from one address, so that ports never run out. */
const perAddress = 5_000;

const heard = { accepted: 0, refused: 0, announced: 0, ended: 0, broken: 0, comments: 0, events: 0, outOfOrder: 0 };
const delays: number[] = [];
const opening = new Set<ClientRequest>();

process.on('message', () => void process.send?.({ ...heard, ...percentiles() }));
process.on('disconnect', () => process.exit(0));
for (let index = 0; index < Number(STREAMS); index += 1) {
  while (opening.size >= openingAtOnce) await delay(2);
  open(`127.0.0.${2 + Math.floor(index / perAddress)}`);
}

function open(localAddress: string): void {
  const headers = { ...requestHeaders, accept: 'text/event-stream' };
  const call = request(`${BASE}/events`, { headers, localAddress, agent: false }, (response) => {
    if (response.statusCode !== 200) return opened('refused');
    response.setEncoding('utf8').on(
      'data',
      createListener(() => opened('accepted')),
    );
    response.on('end', () => (heard.ended += 1)).on('error', () => (heard.broken += 1));
  });
  const opened = (outcome: 'accepted' | 'refused'): void => {
    if (opening.delete(call)) heard[outcome] += 1;
  };
  opening.add(call);
  call.on('error', () => opened('refused')).end();
}

function createListener(ready: () => void): (text: string) => void {
  let rest = '';
  let next = 0;
  return (text) => {
    const parts = (rest + text).split('\n\n');
    rest = parts.pop() ?? '';
    for (const block of parts) {
      const part = withoutComments(block);
      if (part === '') continue;
      if (part.startsWith('event: ready')) ready();
      else if (part.startsWith('event: announcement')) heard.announced += 1;
      else if (part.startsWith('event: message')) next = hear(part, next);
      else heard.broken += 1;
    }
  };
}

function withoutComments(block: string): string {
  let rest = block;
  while (rest.startsWith(':')) {
    heard.comments += 1;
    const end = rest.indexOf('\n');
    rest = end === -1 ? '' : rest.slice(end + 1);
  }
  return rest;
}

/** Returns the number of the event that must come next. */
function hear(part: string, next: number): number {
  const now = Number(process.hrtime.bigint());
  const { number, at } = (JSON.parse(part.slice(part.indexOf('data: ') + 6)) as { params: { number: number; at: number } }).params;
  delays.push((now - at) / 1000);
  heard.events += 1;
  if (number !== next) heard.outOfOrder += 1;
  return number + 1;
}

function percentiles(): { p50: number; p99: number } {
  const sorted = delays.toSorted((one, other) => one - other);
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  return { p50: at(0.5), p99: at(0.99) };
}
