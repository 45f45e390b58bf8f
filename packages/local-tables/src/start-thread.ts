// One run of the tables' thread: started, asked, ended.
import { Worker } from 'node:worker_threads';
import { type localTablesErrors, tablesError } from './error-codes.ts';
import type { Fault, Message, Verb } from './messages.ts';
import type { LocalTablesOptions } from './options.ts';

/** How long the thread may take to open, or over one question, milliseconds. */
const answerMs = 60_000;
/** What the thread may hold, MiB: more ends it, and not the platform. */
const mostHeapMiB = 1024;

/** A thread that has opened its tables. */
export interface Thread {
  readonly port: number;
  readonly formerPort: number | undefined;
  /** Rejects with `ERR_TABLES_STORE` where it ends first, or takes too long. */
  ask(verb: Verb, deploymentId: string): Promise<boolean>;
  /** Closes what it has open, then ends it. */
  end(): Promise<void>;
  /** Resolves when it has ended, by itself or not. */
  readonly ended: Promise<void>;
}

// Compiled it lies beside this file as JavaScript.
const threadFile = new URL(import.meta.url.endsWith('.ts') ? './tables-thread.ts' : './tables-thread.js', import.meta.url);

/**
 * Starts a thread and waits until its gateway listens.
 *
 * @param onFault Told of a sweep that failed.
 * @throws What kept it from opening: `ERR_TABLES_FOLDER`, `ERR_TABLES_OPTION`, `ERR_TABLES_STORE`.
 */
export async function startThread(options: LocalTablesOptions, onFault: (message: string) => void): Promise<Thread> {
  const worker = new Worker(threadFile, { workerData: options, resourceLimits: { maxOldGenerationSizeMb: mostHeapMiB } });
  const questions = createQuestions();
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      questions.rejectAll(tablesError('ERR_TABLES_STORE', 'The store of the tables ended.'));
      resolve();
    });
  });
  const opened = new Promise<Extract<Message, { type: 'open' }>>((resolve, reject) => {
    worker.on('message', (message: Message) => {
      if (message.type === 'open') resolve(message);
      else if (message.type === 'failed') reject(errorOf(message.error));
      else if (message.type === 'fault') onFault(message.message);
      else questions.settle(message);
    });
    // The error itself is told to nobody: it may repeat what a caller stored.
    worker.on('error', (error) => reject(unopened(options.folder, error)));
    worker.once('exit', () => reject(unopened(options.folder, undefined)));
  });
  try {
    const { port, formerPort } = await opened;
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    const ask: Thread['ask'] = (verb, deploymentId) => questions.ask((id) => worker.postMessage({ id, verb, deploymentId }));
    const end = async (): Promise<void> => {
      await ask('close', '').catch(() => {});
      await worker.terminate();
    };
    return { port, formerPort, ask, end, ended };
  } catch (error) {
    await worker.terminate();
    throw error;
  }
}

interface Questions {
  ask(send: (id: number) => void): Promise<boolean>;
  settle(message: Extract<Message, { id: number }>): void;
  rejectAll(error: Error): void;
}

interface Waiting {
  readonly resolve: (found: boolean) => void;
  readonly reject: (error: Error) => void;
}

function createQuestions(): Questions {
  const waiting = new Map<number, Waiting>();
  let last = 0;
  return {
    async ask(send) {
      const id = (last += 1);
      let timer: NodeJS.Timeout | undefined;
      try {
        return await new Promise<boolean>((resolve, reject) => {
          waiting.set(id, { resolve, reject });
          timer = setTimeout(() => reject(tablesError('ERR_TABLES_STORE', 'The store of the tables does not answer.')), answerMs);
          send(id);
        });
      } finally {
        clearTimeout(timer);
        waiting.delete(id);
      }
    },
    settle(message) {
      if (message.type === 'answer') waiting.get(message.id)?.resolve(message.found);
      else waiting.get(message.id)?.reject(errorOf(message.error));
    },
    rejectAll(error) {
      for (const { reject } of waiting.values()) reject(error);
    },
  };
}

function errorOf({ code, message }: Fault): Error {
  const known = code !== undefined && code.startsWith('ERR_TABLES_');
  return tablesError(known ? (code as keyof typeof localTablesErrors) : 'ERR_TABLES_STORE', message);
}

function unopened(folder: string, cause: unknown): Error {
  const name = cause instanceof Error ? cause.name : 'it ended';
  return tablesError('ERR_TABLES_FOLDER', `The tables in ${folder} cannot be opened (${name}).`);
}
