// Gives the memory of a long chunk back as soon as it has been sent: the collector, which looks at objects, would let many of them pile up.

/** What to do once a chunk has been sent that nobody else reads: nothing for a short one, or one that shares its memory. */
export function givesBack(chunk: Buffer): (() => void) | undefined {
  const memory = chunk.buffer;
  const isWhole = chunk.length >= least && chunk.length === memory.byteLength && memory instanceof ArrayBuffer;
  return isWhole ? () => void (memory.detached || memory.transfer(0)) : undefined;
}

/** Shorter ones are not worth it. */
const least = 8_192;
