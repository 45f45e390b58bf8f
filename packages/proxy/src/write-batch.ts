// The writes of one turn of the event loop, sent one after the other at its end: whoever reads them is woken once, not once for each.
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { endInOneWrite } from './one-write.ts';

/** Collects writes while many calls run; while few do, each goes out at once. Texts hold one byte per character. */
export interface WriteBatch {
  /** Writes to an upstream's socket. One that was closed meanwhile gets nothing. */
  write(socket: Socket, text: string): void;
  /** Ends an answer whose head has been set and names its length. */
  end(res: ServerResponse, body: string): void;
}

/** @param running how many calls run now */
export function createWriteBatch(running: () => number): WriteBatch {
  const waiting: (Socket | ServerResponse)[] = [];
  const texts: string[] = [];

  function flush(): void {
    for (let index = 0; index < waiting.length; index += 1) {
      const target = waiting[index] as Socket | ServerResponse;
      if (!target.destroyed) send(target, texts[index] as string);
    }
    waiting.length = 0;
    texts.length = 0;
  }
  function add(target: Socket | ServerResponse, text: string): void {
    if (waiting.length === 0) setImmediate(flush);
    waiting.push(target);
    texts.push(text);
  }
  return {
    write: (socket, text) => (running() > few ? add(socket, text) : send(socket, text)),
    end: (res, body) => (running() > few ? add(res, body) : send(res, body)),
  };
}

/** So many calls at once that a turn of the loop likely has work for several. */
const few = 3;

function send(target: Socket | ServerResponse, text: string): void {
  if ('statusCode' in target) endInOneWrite(target, text);
  else target.write(text, 'latin1');
}
