// Chooses how to report, from the options of the command and the kind of output.
import type { CommandContext } from '../context.ts';
import { jsonReport } from './json-report.ts';
import type { Report } from './report.ts';
import { textReport } from './text-report.ts';

/** What the command line says about output. */
export interface OutputOptions {
  readonly json: boolean;
  readonly debug: boolean;
  /** Whether the command tells events as they happen. */
  readonly events: boolean;
}

/** The report of a command. */
export function createReport(context: CommandContext, { json, debug, events }: OutputOptions): Report {
  const { stdout, stderr, isTerminal, colorDepth } = context;
  return json ? jsonReport({ stdout, stderr, events, debug }) : textReport({ stdout, stderr, isTerminal, colors: colorDepth > 1, debug });
}
