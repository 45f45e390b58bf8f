// Writes log lines many at a time and beside the event loop: a reader that is slow or gone holds up no call.
import { write, writeSync } from 'node:fs';

/** Where log lines go. */
export interface LogLines {
  /** Takes one line with its end. It is written within 100 ms, or dropped when too many wait. */
  write(line: string): void;
  /** Lines that were dropped, ever. */
  readonly dropped: number;
  /** Resolves when every line so far has been written or dropped. */
  flush(): Promise<void>;
  /** Writes what waits at once: for the last moment of the process. */
  flushSync(): void;
}

/** Bounds of {@link openLogLines}. */
export interface LogLinesOptions {
  /** Milliseconds that a line may wait for others. Default 100. */
  readonly batchMs?: number | undefined;
  /** Characters that are written without waiting for more. Default 16,384: a pipe takes that in one piece. */
  readonly batchLength?: number | undefined;
  /** Characters that may wait; lines beyond are dropped. Default 8,388,608. */
  readonly mostWaiting?: number | undefined;
}

/** How long a full pipe is left alone, ms. */
const againMs = 20;
/** How long a process that ends waits for a full pipe, ms. */
const lastWaitMs = 500;

/** Lines that are written together. */
interface Batch {
  text: string;
  lines: number;
}

/** Lines for an open file. Whoever opens it closes it, after a flush. */
export function openLogLines(file: number, options: LogLinesOptions = {}): LogLines {
  const { batchMs = 100, batchLength = 16_384, mostWaiting = 8_388_608 } = options;
  const full: Batch[] = [];
  let open: Batch = { text: '', lines: 0 };
  let waiting = 0;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;
  let dropped = 0;
  let told = 0;

  function close(): void {
    clearTimeout(timer);
    timer = undefined;
    if (open.lines > 0) full.push(open);
    open = { text: '', lines: 0 };
  }

  /** The oldest batch, and what was dropped before it could be written. */
  function take(): Batch | undefined {
    const batch = full.shift();
    if (batch === undefined) return undefined;
    waiting -= batch.text.length;
    if (dropped > told) batch.text += droppedLine(dropped - told);
    told = dropped;
    return batch;
  }

  async function writeAll(): Promise<void> {
    for (let batch = take(); batch !== undefined; batch = take()) {
      const { text, lines } = batch;
      // There is nowhere to say that a log cannot be written, but for its number.
      await writeChunk(file, Buffer.from(text)).catch(() => (dropped += lines));
    }
  }

  function begin(): void {
    close();
    writing ??= writeAll().finally(() => (writing = undefined));
  }

  return {
    write(line) {
      if (waiting + line.length > mostWaiting) {
        dropped += 1;
        return;
      }
      waiting += line.length;
      open.text += line;
      open.lines += 1;
      if (open.text.length >= batchLength) begin();
      else timer ??= setTimeout(begin, batchMs).unref();
    },
    get dropped() {
      return dropped;
    },
    async flush() {
      begin();
      await writing;
      // What came while it was written.
      if (waiting > 0) await this.flush();
    },
    flushSync() {
      close();
      for (let batch = take(); batch !== undefined; batch = take()) writeChunkSync(file, Buffer.from(batch.text));
    },
  };
}

/** Lines on standard error. What still waits when the process ends is written then. */
export function standardErrorLines(): LogLines {
  const lines = openLogLines(2);
  process.once('exit', () => lines.flushSync());
  return lines;
}

function droppedLine(count: number): string {
  return `${JSON.stringify({ level: 'warn', time: new Date().toISOString(), lines: count, msg: 'log lines were dropped: they came faster than they could be written' })}\n`;
}

async function writeChunk(file: number, chunk: Buffer): Promise<void> {
  for (let from = 0; from < chunk.length;) {
    const written = await writeSome(file, chunk, from);
    if (written === 'full') await new Promise((resolve) => setTimeout(resolve, againMs));
    else from += written;
  }
}

function writeSome(file: number, chunk: Buffer, from: number): Promise<number | 'full'> {
  return new Promise((resolve, reject) => {
    write(file, chunk, from, chunk.length - from, null, (error, written) => {
      if (error === null) resolve(written);
      else if (error.code === 'EAGAIN') resolve('full');
      else reject(error);
    });
  });
}

function writeChunkSync(file: number, chunk: Buffer): void {
  const until = performance.now() + lastWaitMs;
  for (let from = 0; from < chunk.length;) {
    try {
      from += writeSync(file, chunk, from);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || performance.now() > until) return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, againMs);
    }
  }
}
