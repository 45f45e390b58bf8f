// Python clients of one generation, all driven through one process that speaks JSON lines.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { inRepository } from '@runlayer/local-platform';
import type { Address, CallOptions, McpClient, Open } from './session.ts';

export interface PythonClients {
  /** `mode` is what the second generation negotiates: `legacy`, `auto` or a revision. */
  open(library: 'mcp' | 'fastmcp', mode?: string): Open;
  stop(): Promise<void>;
}

/** A line that the driver wrote: the answer to a command, its progress, or something that a session heard. */
interface Line {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: string;
  readonly progress?: number;
  readonly session?: number;
  readonly heard?: string;
  readonly closed?: number;
}

type Command = Readonly<Record<string, unknown>>;

export function startPythonClients(python: string, generation: 1 | 2): PythonClients {
  const child = spawn(python, [inRepository(`tests/fixtures/python-clients/generation_${generation}.py`)], {
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', FASTMCP_CHECK_FOR_UPDATES: 'off' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const driver = createDriver(child);
  return {
    open:
      (library, mode = 'legacy') =>
      (address) =>
        open(driver, { library, mode, ...address }),
    async stop() {
      const ended = once(child, 'close');
      child.stdin.end();
      await ended;
    },
  };
}

interface Driver {
  /** Sends a command; `seen` gets every line about it. Gives its number and its answer. */
  send(command: Command, seen?: (line: Line) => void): { readonly id: number; readonly answer: Promise<unknown> };
  /** Hands over what a session heard. */
  readonly heard: Map<number, string[]>;
  closed(id: number): Promise<void>;
}

function createDriver(child: ChildProcess & { readonly stdin: NodeJS.WritableStream; readonly stdout: NodeJS.ReadableStream }): Driver {
  const waiting = new Map<number, (line: Line) => void>();
  const closing = new Map<number, PromiseWithResolvers<void>>();
  const heard = new Map<number, string[]>();
  let errors = '';
  let count = 0;
  child.stderr?.setEncoding('utf8').on('data', (piece: string) => (errors += piece));
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = JSON.parse(text) as Line;
    if (line.heard !== undefined) heard.get(line.session as number)?.push(line.heard);
    if (line.closed !== undefined) closing.get(line.closed)?.resolve();
    waiting.get(line.id ?? -1)?.(line);
  });
  child.on('close', (code) => {
    for (const tell of waiting.values()) tell({ error: `Python ended with ${code}: ${errors}` });
    for (const { resolve } of closing.values()) resolve();
  });
  return {
    heard,
    closed(id) {
      const given = closing.get(id) ?? Promise.withResolvers<void>();
      closing.set(id, given);
      return given.promise;
    },
    send(command, seen) {
      count += 1;
      const id = count;
      const answer = new Promise((resolve, reject) => {
        waiting.set(id, (line) => {
          seen?.(line);
          if (line.progress !== undefined) return;
          waiting.delete(id);
          if (line.error === undefined) resolve(line.result);
          else reject(new Error(line.error));
        });
      });
      child.stdin.write(`${JSON.stringify({ id, ...command })}\n`);
      return { id, answer };
    },
  };
}

async function open(driver: Driver, address: Address & { readonly library: string; readonly mode: string }): Promise<McpClient> {
  const { id: session, answer } = driver.send({ do: 'open', transport: 'http', ...address });
  const heard: string[] = [];
  driver.heard.set(session, heard);
  await answer;

  async function call(name: string, args: Command = {}, { onProgress, signal }: CallOptions = {}): Promise<string> {
    const sent = driver.send({ do: 'call', session, name, arguments: args }, ({ progress }) => {
      if (progress !== undefined) onProgress?.(progress);
    });
    signal?.addEventListener('abort', () => void driver.send({ do: 'cancel', call: sent.id }));
    return (await sent.answer) as string;
  }

  async function end(opened: number): Promise<void> {
    const closed = driver.closed(opened);
    await driver.send({ do: 'close', session: opened }).answer;
    await closed;
  }

  return {
    heard,
    tools: async () => (await driver.send({ do: 'tools', session }).answer) as string[],
    call,
    async listen() {
      const listening = driver.send({ do: 'listen', session });
      await listening.answer;
      return () => end(listening.id);
    },
    close: () => end(session),
  };
}
