// Structured logs without secrets: one JSON object a line, from fields that are chosen, never from whole objects.
import { pino, stdSerializers } from 'pino';
import { isRunlayerError } from '@runlayer/errors';
import { type LogLines, standardErrorLines } from './log-lines.ts';

/** Receives what the platform does. Messages and fields hold no secret. */
export interface Log {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
  /** Takes a line of level `info` that is JSON already, with its end. */
  line(line: string): void;
  /** Resolves when everything so far has been written. */
  flush(): Promise<void>;
  /** Lines that could not be written, ever. */
  readonly dropped: number;
}

/** Logs to standard error by default, which leaves standard output to people. */
export function createLog(level: string, destination: Pick<LogLines, 'write'> & Partial<LogLines> = standardErrorLines()): Log {
  const formatters = { level: (label: string) => ({ level: label }) };
  const logger = pino({ level, base: undefined, formatters, timestamp: () => `,"time":"${new Date().toISOString()}"` }, destination);
  const takesLines = logger.isLevelEnabled('info');
  return {
    info: (message, fields = {}) => logger.info(fields, message),
    warn: (message, fields = {}) => logger.warn(fields, message),
    error: (message, fields = {}) => logger.error(fields, message),
    line: (line) => void (takesLines && destination.write(line)),
    flush: async () => destination.flush?.(),
    get dropped() {
      return destination.dropped ?? 0;
    },
  };
}

/** An error as fields of a log line. The message of an error that is not ours may quote input, so only its name, code and stack frames are kept. */
export function errorFields(error: unknown): Record<string, unknown> {
  if (isRunlayerError(error))
    return { code: error.code, detail: error.message, ...(error.cause === undefined ? {} : { cause: errorFields(error.cause) }) };
  if (!(error instanceof Error)) return { error: typeof error };
  const { type, stack, code } = stdSerializers.err(error) as { type: string; stack: string; code?: string };
  return {
    error: type,
    ...(code === undefined ? {} : { code }),
    frames: stack
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 12),
  };
}
