// Line and column of an offset, counted from 1.
import type { LineCounter } from 'yaml';

/** The place of `offset`, or nothing without a line counter. */
export function placeAt(offset: number, lineCounter: LineCounter | undefined): { line?: number; column?: number } {
  if (lineCounter === undefined) return {};
  const { line, col } = lineCounter.linePos(offset);
  return { line, column: col };
}

/** A path as people write it: `service.expose[1]`. */
export function pathText(path: readonly (string | number)[]): string {
  return path.reduce<string>((text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`), '');
}
