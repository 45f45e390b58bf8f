// For people: lines of text; on a terminal with a line that shows what goes on now.
import type { Writable } from 'node:stream';
import { errorText } from '../render-error.ts';
import { cleanText } from './clean-text.ts';
import { heartbeat, type Pulse } from './heartbeat.ts';
import type { Report } from './report.ts';
import { statusLine } from './status-line.ts';

/** Where text goes, and how. */
export interface TextReportOptions {
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly isTerminal: boolean;
  readonly colors: boolean;
  readonly debug: boolean;
}

/** Reports as text: progress and results on stdout, warnings and failures on stderr. */
export function textReport({ stdout, stderr, isTerminal, colors, debug }: TextReportOptions): Report {
  let pulse: Pulse | undefined;
  const print = (stream: Writable, text: string): void => {
    pulse?.hide();
    stream.write(`${text}\n`);
    pulse?.show();
  };
  const paint = (text: string, color: number): string => (colors ? text.replace(/^\w+:/, `\u001b[${color}m$&\u001b[0m`) : text);
  return {
    event: (_event, text) => {
      if (text !== undefined) print(stdout, cleanText(text));
    },
    warn: (text) => print(stderr, paint(cleanText(`warning: ${text}`), 33)),
    working: async (label, work) => {
      if (!isTerminal) print(stdout, `${cleanText(label)} …`);
      const own = (pulse = isTerminal ? statusLine(stderr, label) : heartbeat((text) => print(stdout, cleanText(text)), label));
      try {
        return await work((detail) => own.update(detail));
      } finally {
        own.hide();
        own.stop();
        pulse = undefined;
      }
    },
    result: (_value, text) => print(stdout, cleanText(text)),
    failure: (error) => print(stderr, paint(cleanText(errorText(error, { debug })), 31)),
  };
}
