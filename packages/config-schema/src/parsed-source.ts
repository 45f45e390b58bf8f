// A YAML document that someone else has parsed: the seam to @runlayer/env-substitution.
import type { Document, LineCounter } from 'yaml';

/** A parsed document with the lines of its source, such as `@runlayer/env-substitution` returns it. */
export interface ParsedSource {
  readonly document: Document;
  /** Gives issues their line and column; without it they have a path only. */
  readonly lineCounter?: LineCounter | undefined;
}
