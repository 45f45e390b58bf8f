// Decides when a task that does not serve has had its time.
import type { Failure } from '@runlayer/provisioner';
import type { Settings } from '../options.ts';

/** Remembers since when tasks give the same answer. */
export interface Patience {
  /** Whether this failure, seen again now, has lasted long enough to count. */
  isOver(failure: Failure): boolean;
}

/** A missing path is certain soon; silence may be a slow start. Another answer in between begins anew. */
export function createPatience({ graceMs, healthTimeoutMs }: Pick<Settings, 'graceMs' | 'healthTimeoutMs'>): Patience {
  let since = performance.now();
  let last: string | undefined;
  return {
    isOver({ code }) {
      if (code !== last) since = performance.now();
      last = code;
      return performance.now() - since >= (code === 'mcp_path_missing' ? graceMs : healthTimeoutMs);
    },
  };
}
