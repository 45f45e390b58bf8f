// Takes request bodies in, with bounds on what all callers together and each address may have in memory.
import type { IncomingMessage } from 'node:http';
import { Refusal } from './refusal.ts';

/** DynamoDB's own limit of a request. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html */
const largestBody = 16 * 1024 ** 2;

/** What may be under way at once. Containers have addresses of their own, so that one cannot take the place of all. */
const most = { calls: 1024, callsOfOne: 256, bytes: 128 * 1024 ** 2, bytesOfOne: 48 * 1024 ** 2 };

interface Load {
  calls: number;
  bytes: number;
}

/** A count of what is under way. */
export interface Intake {
  /** Runs `work` with the body of a request; refuses with `ThrottlingException`, which clients retry, where too much is under way. */
  take<Result>(request: IncomingMessage, work: (body: Buffer) => Promise<Result>): Promise<Result>;
}

/** Makes a count; one per gateway. */
export function createIntake(): Intake {
  const all: Load = { calls: 0, bytes: 0 };
  const byAddress = new Map<string, Load>();
  return {
    async take(request, work) {
      const address = request.socket.remoteAddress ?? '';
      const own = byAddress.get(address) ?? { calls: 0, bytes: 0 };
      byAddress.set(address, own);
      let held = 0;
      const hold = (bytes: number): void => {
        if (all.bytes + bytes > most.bytes || own.bytes + bytes > most.bytesOfOne) throw throttled();
        held += bytes;
        all.bytes += bytes;
        own.bytes += bytes;
      };
      all.calls += 1;
      own.calls += 1;
      try {
        if (all.calls > most.calls || own.calls > most.callsOfOne) throw throttled();
        return await work(await readBody(request, hold));
      } finally {
        all.calls -= 1;
        own.calls -= 1;
        all.bytes -= held;
        own.bytes -= held;
        if (own.calls === 0) byAddress.delete(address);
      }
    },
  };
}

async function readBody(request: IncomingMessage, hold: (bytes: number) => void): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  if (Number(request.headers['content-length'] ?? 0) > largestBody) throw tooLarge();
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > largestBody) throw tooLarge();
    hold(chunk.length);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(): Refusal {
  return new Refusal('RequestEntityTooLargeException', 'The request is larger than 16 MiB.');
}

function throttled(): Refusal {
  return new Refusal('ThrottlingException', 'Too many requests are under way. Try again in a moment.');
}
