// For programs: a line of JSON for each event, or one document at the end.
import type { Writable } from 'node:stream';
import { errorRecord, errorText } from '../render-error.ts';
import type { Report } from './report.ts';

/** Where JSON goes, and how much of it. */
export interface JsonReportOptions {
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** Events as lines, the last one of type `result`. Otherwise only that last one, without a type. */
  readonly events: boolean;
  readonly debug: boolean;
}

/** Reports as JSON on stdout. A failure is told on stderr too, in words. */
export function jsonReport({ stdout, stderr, events, debug }: JsonReportOptions): Report {
  const write = (value: object): void => void stdout.write(`${JSON.stringify(value)}\n`);
  const end = (value: object): void => write(events ? { type: 'result', ...value } : value);
  return {
    event: (event) => {
      if (events) write(event);
    },
    warn: (message) => (events ? write({ type: 'warning', message }) : void stderr.write(`warning: ${message}\n`)),
    working: async (label, work) => {
      if (events) write({ type: 'step', message: label });
      return await work(() => {});
    },
    result: (value) => end({ ok: true, ...value }),
    failure: (error, exitCode) => {
      end({ ok: false, exit_code: exitCode, error: errorRecord(error) });
      stderr.write(`${errorText(error, { debug })}\n`);
    },
  };
}
