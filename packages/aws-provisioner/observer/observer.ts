// Starts the observer, a program of its own in another language on another SDK, and asks it what an account holds.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { inRepository, pythonEnvironment } from '@runlayer/local-platform';
import type { Snapshot } from './snapshot.ts';

/** Keys of a session, or of a root user of an emulator. */
export interface Identity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** One call of boto3, such as `{ service: 's3', call: 'list_buckets' }`. */
export interface Call {
  readonly service: string;
  /** Name of the method. */
  readonly call: string;
  readonly with?: Readonly<Record<string, unknown>> | undefined;
  /** Whose call it is. Default: the root user of the emulator. */
  readonly as?: Identity | undefined;
  /** Endpoint. Default: the one the observer was started with. */
  readonly at?: string | undefined;
}

/** A refusal of AWS, as boto3 tells it. */
export class Refusal extends Error {
  readonly code: string;

  constructor({ code, message }: { code: string; message: string }) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

/** An observer that runs. */
export interface Observer {
  /** Everything that mentions a text in its name or its tags; everything there is for an empty one. */
  snapshot(text: string): Promise<Snapshot>;
  /** @throws {Refusal} */
  call(call: Call): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

interface Answer {
  readonly id: number;
  readonly answer?: unknown;
  readonly refusal?: { code: string; message: string } | undefined;
}

const program = fileURLToPath(new URL('observe.py', import.meta.url));

/** Starts it. `places` are endpoints by the name boto3 has for a service; `all` is for those that are not named. */
export async function startObserver(places: { readonly all: string } & Readonly<Record<string, string>>): Promise<Observer> {
  const python = await pythonEnvironment('packages/aws-provisioner/emulators/requirements.txt');
  if (typeof python === 'string') throw new Error(python);
  const env = { PATH: process.env['PATH'], PYTHONDONTWRITEBYTECODE: '1', AWS_EC2_METADATA_DISABLED: 'true' };
  const child = spawn(python.python, [program, JSON.stringify(places)], {
    env,
    cwd: inRepository('.'),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const open = new Map<number, (answer: Answer) => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const answer = JSON.parse(line) as Answer;
    open.get(answer.id)?.(answer);
    open.delete(answer.id);
  });
  const ended = once(child, 'exit').then(() => {
    for (const [id, tell] of open) tell({ id, refusal: { code: 'observer', message: 'The observer has ended.' } });
  });
  let last = 0;
  const ask = async (command: object): Promise<unknown> => {
    const id = (last += 1);
    const told = new Promise<Answer>((resolve) => open.set(id, resolve));
    child.stdin.write(`${JSON.stringify({ id, ...command })}\n`);
    const { answer, refusal } = await told;
    if (refusal !== undefined) throw new Refusal(refusal);
    return answer;
  };
  return {
    snapshot: async (of) => (await ask({ do: 'snapshot', of })) as Snapshot,
    call: async (call) => (await ask({ do: 'call', ...call })) as Record<string, unknown>,
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}
