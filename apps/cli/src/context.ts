// Everything of the outside that commands touch, passed in.
import { homedir } from 'node:os';
import type { BaseContext } from 'clipanion';

/** What each command is given. */
export type CommandContext = BaseContext & {
  /** Of the package. */
  readonly version: string;
  readonly cwd: string;
  /** Folder that holds `.runlayer`. */
  readonly home: string;
  /** Whether a person sits in front: questions can be asked and lines redrawn. */
  readonly isTerminal: boolean;
  /** From now on the first Ctrl-C aborts this signal instead of ending the process; a second one ends it. */
  readonly listenForInterrupt: () => AbortSignal;
};

/** The context of the running process. */
export function processContext(version: string): CommandContext {
  const { env, stdin, stdout, stderr } = process;
  return {
    version,
    env,
    stdin,
    stdout,
    stderr,
    colorDepth: stdout.isTTY ? stdout.getColorDepth() : 1,
    cwd: process.cwd(),
    home: env['HOME'] ?? homedir(),
    isTerminal: stdin.isTTY && stdout.isTTY && stderr.isTTY,
    listenForInterrupt,
  };
}

function listenForInterrupt(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  return controller.signal;
}
