// A caller as a careful client is: connections that are used again, and an answer that broke off never taken for a whole one.
import { once } from 'node:events';
import { Agent, request, type IncomingHttpHeaders } from 'node:http';
import { connect, type Socket } from 'node:net';

export interface Answer {
  /** 0 when the connection was lost before there was one. */
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly body: string;
  /** Whether it came to its end. */
  readonly whole: boolean;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** One step of what the attacker plays. */
export type Step =
  | string
  | { readonly repeat: string; readonly times?: number }
  | { readonly drip: string; readonly everyMs: number; readonly times?: number }
  | { readonly ending: 'end' | 'reset' | 'hang' };

/** The path at which the attacker plays these steps. */
export function script(...steps: readonly Step[]): string {
  const said = steps.map((step) => (typeof step === 'string' ? { say: step } : step));
  return `/play/${Buffer.from(JSON.stringify(said)).toString('base64url')}`;
}

export class Caller {
  readonly #port: number;
  readonly #key: string;
  readonly #agent: Agent = new Agent({ keepAlive: true });

  constructor(port: number, key: string) {
    this.#port = port;
    this.#key = key;
  }

  ask(path: string, { method = 'GET', headers = {}, body = '' }: Ask = {}): Promise<Answer> {
    const length = body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    return new Promise((resolve) => {
      const asked = request(
        {
          port: this.#port,
          host: '127.0.0.1',
          path,
          method,
          agent: this.#agent,
          maxHeaderSize: 131_072,
          headers: { 'x-runlayer-api-key': this.#key, ...length, ...headers },
        },
        (response) => {
          let text = '';
          response.setEncoding('latin1').on('data', (piece: string) => (text += piece));
          response.on('error', () => undefined);
          response.on('close', () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              rawHeaders: response.rawHeaders,
              body: text,
              whole: response.complete,
            }),
          );
        },
      );
      asked.on('error', () => resolve({ status: 0, headers: {}, rawHeaders: [], body: '', whole: false }));
      asked.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** A request as text; its line has no version. */
export function lines(line: string, headers: readonly string[], body = ''): string {
  return [`${line} HTTP/1.1`, 'Host: 127.0.0.1', ...headers, '', body].join('\r\n');
}

/** All that comes back for these bytes until the connection is closed by the server, which it must be within 30 seconds. */
export async function sayRaw(port: number, ...pieces: readonly string[]): Promise<string> {
  const socket = openRaw(port).setTimeout(30_000, () => socket.destroy(new Error('The server left the connection open.')));
  let answer = '';
  socket.setEncoding('latin1').on('data', (piece: string) => (answer += piece));
  for (const piece of pieces) socket.write(piece, 'latin1');
  await once(socket, 'close');
  if (socket.errored?.message.startsWith('The server') === true) throw socket.errored;
  return answer;
}

export function openRaw(port: number): Socket {
  return connect(port, '127.0.0.1').on('error', () => undefined);
}

/** The statuses of all answers in a text. */
export function statusesIn(text: string): number[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}
