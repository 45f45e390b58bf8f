// Passes on what a starting container writes, so that a person sees it come up.
import type { Redaction } from '@runlayer/provisioner/driver';
import type Docker from 'dockerode';
import { readContainerLog } from './container-logs.ts';

/** Lines beyond this many are left to `logs`. */
const mostLines = 200;
/** How long the last lines may take to come, milliseconds. */
const lastLinesMs = 300;

/** Tells each line, free of secrets and at most 500 characters long, until `end`. */
export function tellOutput(docker: Docker, id: string, redact: Redaction, tell: (line: string) => void): { end(): Promise<void> } {
  const stop = new AbortController();
  const reading = (async () => {
    let count = 0;
    for await (const { line } of readContainerLog(docker, id, { follow: true, signal: stop.signal })) {
      count += 1;
      if (count > mostLines) break;
      tell(redact(line).slice(0, 500));
    }
  })().catch(() => {
    // Only shown for comfort: the cause of a failure is read separately.
  });
  return {
    async end() {
      // A container that ended closes its log by itself, after its last line.
      const timer = setTimeout(() => stop.abort(), lastLinesMs);
      await reading;
      clearTimeout(timer);
    },
  };
}
