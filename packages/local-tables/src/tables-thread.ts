// The thread that tables run in: what a request costs or breaks there is not the platform's.
import { parentPort, workerData } from 'node:worker_threads';
import { setTimeout as sleep } from 'node:timers/promises';
import { faultOf, type Message, type Question } from './messages.ts';
import { type LocalTablesOptions, settingsFrom } from './options.ts';
import { openTables, type Tables } from './tables.ts';

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
const tell = (message: Message): void => parentPort?.postMessage(message);

try {
  const settings = settingsFrom(workerData as LocalTablesOptions);
  const tables = await openTables(settings);
  const stop = new AbortController();
  parentPort?.on('message', (question: Question) => void answer(tables, question, stop));
  tell({ type: 'open', port: tables.port, formerPort: tables.formerPort });
  void sweepUntil(stop.signal, tables, settings.sweepSeconds * 1000);
} catch (error) {
  tell({ type: 'failed', error: faultOf(error) });
}

async function answer(tables: Tables, { id, verb, deploymentId }: Question, stop: AbortController): Promise<void> {
  try {
    let found = true;
    if (verb === 'close') {
      stop.abort();
      await tables.close();
    } else if (verb === 'has') found = await tables.has(deploymentId);
    else await tables[verb](deploymentId);
    tell({ type: 'answer', id, found });
    if (verb === 'close') parentPort?.close();
  } catch (error) {
    tell({ type: 'refusal', id, error: faultOf(error) });
  }
}

async function sweepUntil(signal: AbortSignal, tables: Tables, everyMs: number): Promise<void> {
  for (;;) {
    await sleep(everyMs, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    // A store that does not answer is found out by whoever uses it; the next sweep tries again.
    await tables.sweep().catch((error: unknown) => tell({ type: 'fault', message: faultOf(error).message }));
  }
}
