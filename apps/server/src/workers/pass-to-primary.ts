// Hands a request that is no proxy call to the primary process, which has the API.
import { Agent, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { problemMediaType, toProblem } from '@runlayer/errors';
import { fail } from '../error-codes.ts';

/** Passes requests on to a socket, as they came. */
export function createPassToPrimary(socketPath: string): (req: IncomingMessage, res: ServerResponse) => void {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  return (req, res) => {
    const { method, url, rawHeaders } = req;
    const onward = request({ socketPath, agent, method, path: url, headers: rawHeaders }, (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.statusMessage, answer.rawHeaders);
      answer.on('error', () => res.destroy()).pipe(res);
    });
    onward.on('error', () => (res.headersSent ? res.destroy() : answerUnreachable(res)));
    res.on('close', () => onward.destroy());
    req.pipe(onward);
  };
}

function answerUnreachable(res: ServerResponse): void {
  const body = JSON.stringify(toProblem(fail('ERR_STARTING', 'The server is starting.')));
  res.writeHead(503, { 'content-type': problemMediaType, 'retry-after': '2', 'x-runlayer-origin': 'platform' }).end(body);
}
