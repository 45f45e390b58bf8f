// What a Node contender tells the benchmark when it asks.

/** What only ours can tell. */
export interface OwnFigures {
  /** Access records written, ever. */
  readonly recorded: number;
  /** Calls in the metrics. */
  readonly counted: number;
  /** Whether `sodium-native` signs. */
  readonly sodium: boolean;
}

export interface Watched extends Partial<OwnFigures> {
  /** Bytes in use. */
  readonly heap: number;
  readonly external: number;
}

/** Answers any message with {@link Watched}, after a collection when it is `collect`, and ends with the benchmark. */
export function answerWatch(own: () => OwnFigures | undefined = () => undefined): void {
  // By way of exit, so that a CPU profile is written.
  for (const event of ['disconnect', 'SIGTERM']) process.on(event, () => process.exit(0));
  process.on('message', (wanted) => {
    // A collection makes the young generation small again, and the next calls slower: never between measurements of speed.
    if (wanted === 'collect') globalThis.gc?.();
    const { heapUsed: heap, external } = process.memoryUsage();
    process.send?.({ heap, external, ...own() } satisfies Watched);
  });
}
