// The least that a proxy on undici does: node:http in front, its dispatcher behind, no key, no identity.
import { createServer, type ServerResponse } from 'node:http';
import { Agent, type Dispatcher } from 'undici';
import { answerWatch } from './under-watch.ts';

const { PORT = '', UPSTREAM = '' } = process.env;
const agent = new Agent({ connections: null, bodyTimeout: 0, headersTimeout: 0 });

class Answer implements Dispatcher.DispatchHandler {
  readonly #response: ServerResponse;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#response.on('drain', () => controller.resume());
    this.#response.on('close', () => this.#response.writableFinished || controller.abort(new Error('The caller left.')));
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    const headers = (controller.rawHeaders as Buffer[]).map((part) => part.toString('latin1'));
    this.#response.writeHead(status, headers);
    if (headers.includes('text/event-stream')) this.#response.flushHeaders();
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#response.write(chunk)) controller.pause();
  }

  onResponseEnd(): void {
    this.#response.end();
  }

  onResponseError(): void {
    this.#response.destroy();
  }
}

const hopByHop = new Set(['connection', 'keep-alive', 'transfer-encoding', 'host', 'content-length', 'expect']);

createServer({ keepAliveTimeout: 75_000, requestTimeout: 0 }, (request, response) => {
  const { rawHeaders, method = 'GET', url: path = '/' } = request;
  const headers: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (!hopByHop.has((rawHeaders[index] as string).toLowerCase()))
      headers.push(rawHeaders[index] as string, rawHeaders[index + 1] as string);
  }
  const length = request.headers['content-length'];
  if (length !== undefined) headers.push('content-length', length);
  const body = length === undefined || length === '0' ? null : request;
  agent.dispatch({ origin: `http://127.0.0.1:${UPSTREAM}`, method, path, headers, body }, new Answer(response));
}).listen(Number(PORT), '127.0.0.1');
answerWatch();
