// One entry of a YAML map, its aliases followed.
import type { Node } from 'yaml';

/** One key of a map with what stands there. */
export interface Entry {
  readonly key: string;
  /** Offset of the key. */
  readonly at: number | undefined;
  readonly value: Node | undefined;
  /** Offset of the value as written: of the alias where it is one. */
  readonly valueAt: number | undefined;
}
