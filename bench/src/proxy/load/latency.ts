// Sends calls at a steady rate over one connection and prints how long the answers took, as JSON in microseconds.
import { once } from 'node:events';
import { connect } from 'node:net';
import { requestHeaders, toolAnswer, toolCall } from '../identity.ts';

/** Microseconds. */
export interface Latency {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

const { URL: address = '', RATE = '500', SECONDS = '3' } = process.env;
const url = new URL(address);
const request = requestText();
const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
await once(socket, 'connect');

const total = Number(RATE) * Number(SECONDS);
const waiting: number[] = [];
const taken: number[] = [];
let answer = '';
let sentAt = 0;

socket.setEncoding('latin1').on('data', (text: string) => {
  answer += text;
  if (!isWhole(answer)) return;
  taken.push((performance.now() - sentAt) * 1000);
  answer = '';
  sentAt = 0;
  const next = waiting.shift();
  if (next !== undefined) send(next);
  if (taken.length === total) finish();
});
socket.on('close', () => {
  if (taken.length < total) throw new Error(`${address} closed the connection after ${taken.length} answers.`);
});

const began = performance.now();
let scheduled = 0;
tick();

/** A call that is due while another runs waits its turn, and the wait counts: a stall must not hide the calls it delays. */
function tick(): void {
  const now = performance.now();
  for (; scheduled < total && began + (scheduled * 1000) / Number(RATE) <= now; scheduled += 1) {
    if (sentAt === 0) send(now);
    else waiting.push(now);
  }
  if (scheduled < total) setTimeout(tick, 1);
}

function send(due: number): void {
  sentAt = due;
  socket.write(request, 'latin1');
}

function requestText(): string {
  const headers = Object.entries({ Host: url.host, ...requestHeaders, 'Content-Length': String(toolCall.length) });
  return `POST ${url.pathname} HTTP/1.1\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${toolCall}`;
}

/** Throws for an answer that is not the upstream's. */
function isWhole(text: string): boolean {
  const head = text.indexOf('\r\n\r\n');
  if (head === -1 || text.length < head + 4 + toolAnswer.length) return false;
  if (!text.startsWith('HTTP/1.1 200 ') || text.slice(head + 4) !== toolAnswer) throw new Error(`${address} answered:\n${text}`);
  return true;
}

function finish(): void {
  socket.end();
  const sorted = taken.toSorted((one, other) => one - other);
  const at = (share: number): number => sorted[Math.ceil(share * total) - 1] ?? Number.NaN;
  const latency: Latency = { count: total, p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
  console.log(JSON.stringify(latency));
}
