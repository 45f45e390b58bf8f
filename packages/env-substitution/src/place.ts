// Line and column of an offset, counted from 1.
import type { LineCounter } from 'yaml';
import { shown } from './shown.ts';

/** The place of `offset`, or nothing without a line counter. */
export function placeAt(offset: number, lineCounter: LineCounter | undefined): { line?: number; column?: number } {
  if (lineCounter === undefined) return {};
  const { line, col } = lineCounter.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** A path as people write it: `service.expose[1]`, and `env["two words"]` for a key that is no plain name. What follows `=` in
 * a key is left out: `TOKEN=secret` may be meant. */
export function pathText(path: readonly (string | number)[]): string {
  return path.reduce<string>((text, step) => text + stepText(step, text === ''), '');
}

function stepText(step: string | number, isFirst: boolean): string {
  if (typeof step === 'number') return `[${step}]`;
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(step)) return `[${JSON.stringify(shown(step.replace(/=[^]*/, '=…'), 60))}]`;
  return isFirst ? step : `.${step}`;
}
