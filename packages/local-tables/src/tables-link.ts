// Keeps the tables' thread running, and asks it.
import { tablesError } from './error-codes.ts';
import type { Verb } from './messages.ts';
import type { LocalTablesOptions } from './options.ts';
import { startThread, type Thread } from './start-thread.ts';

/** A pause before a thread that ended is started again, milliseconds: doubled each time it ends soon. */
const pauses = { first: 100, most: 10_000, soon: 60_000 };

/** The thread, whichever runs, as the platform's thread sees it. */
export interface Link {
  /** Port of the gateway. */
  port(): number;
  readonly formerPort: number | undefined;
  ask(verb: Verb, deploymentId: string): Promise<boolean>;
  close(): Promise<void>;
}

/** Hears of what nobody asked for: the thread ended, or a sweep failed. */
export type OnFault = (message: string) => void;

/** Starts the thread, and again whenever it ends; rejects with the reason where the first one cannot open its tables. */
export async function openLink(options: LocalTablesOptions, onFault: OnFault): Promise<Link> {
  const first = await startThread(options, onFault);
  const state = { thread: first as Thread | undefined, port: first.port, pause: pauses.first, closing: false };
  let timer: NodeJS.Timeout | undefined;
  watch(first);
  return {
    port: () => state.port,
    formerPort: first.formerPort,
    ask: async (verb, deploymentId) => {
      if (state.thread === undefined) throw tablesError('ERR_TABLES_STORE', 'The store of the tables is being started again.');
      return state.thread.ask(verb, deploymentId);
    },
    async close() {
      state.closing = true;
      clearTimeout(timer);
      await state.thread?.end();
    },
  };

  function watch(thread: Thread): void {
    const since = Date.now();
    void thread.ended.then(() => {
      state.thread = undefined;
      if (state.closing) return;
      onFault('The store of the tables ended; it is started again.');
      if (Date.now() - since > pauses.soon) state.pause = pauses.first;
      startLater();
    });
  }

  function startLater(): void {
    timer = setTimeout(() => void startAgain(), state.pause);
    state.pause = Math.min(state.pause * 2, pauses.most);
  }

  async function startAgain(): Promise<void> {
    try {
      const thread = await startThread(options, onFault);
      if (state.closing) return await thread.end();
      state.thread = thread;
      state.port = thread.port;
      watch(thread);
    } catch (error) {
      onFault(error instanceof Error ? error.message : 'The store of the tables cannot be started.');
      if (!state.closing) startLater();
    }
  }
}
