// The line from the server to AWS: counts what goes over it, and can be held up, cut and throttled as AWS does.
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What becomes of calls: they get through, no answer ever comes, they are told to come later, the connection is cut. */
export type LineState = 'open' | 'silent' | 'throttled' | 'cut';

export interface AwsLine {
  readonly endpoint: string;
  /** Operations, such as `ListTasks`, in the order of their arrival. */
  readonly calls: string[];
  set(state: LineState): void;
  close(): void;
}

/** Opens a line to an emulator. What that lacks, scaling, the line takes as done. */
export async function openAwsLine(to: string): Promise<AwsLine> {
  let state: LineState = 'open';
  const calls: string[] = [];
  const server = createServer((incoming, answer) => {
    const target = incoming.headers['x-amz-target'];
    calls.push(String(target).split('.').at(-1) ?? '');
    if (state === 'silent') return;
    if (state === 'cut') return void incoming.socket.destroy();
    if (state === 'throttled') return reply(incoming, answer, 400, { __type: 'ThrottlingException', message: 'Rate exceeded' });
    if (String(target).startsWith('AnyScaleFrontendService'))
      return reply(incoming, answer, 200, { ScalableTargets: [], ScalingPolicies: [] });
    pass(incoming, answer, to);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    set(wanted) {
      state = wanted;
      // Those that wait for an answer learn of the end of the silence at once.
      server.closeAllConnections();
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function reply(incoming: IncomingMessage, answer: ServerResponse, status: number, body: object): void {
  incoming.resume().on('end', () => {
    answer.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
    answer.end(JSON.stringify(body));
  });
}

function pass(incoming: IncomingMessage, answer: ServerResponse, origin: string): void {
  const { method, url, headers } = incoming;
  const onward = request(origin + String(url), { method, headers }, (given) => {
    answer.writeHead(given.statusCode ?? 500, given.headers);
    given.pipe(answer);
  });
  onward.on('error', () => answer.destroy());
  incoming.pipe(onward);
}
