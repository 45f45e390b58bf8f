// Runs the command as if it had been typed itself: its output, its signals, its exit code.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** Runs a command to its end and gives its exit code; ended by a signal, 128 and the signal's number, as a shell does. */
export function runCommand(command: string, args: readonly string[], environment: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return resolve(exitCodeOf(signal.reason as NodeJS.Signals));
    const child = spawn(command, args, { stdio: 'inherit', env: environment });
    signal.addEventListener('abort', () => {
      const name = signal.reason as NodeJS.Signals;
      // A terminal has sent its Ctrl-C to the command too, and twice may mean "at once" to it.
      if (name !== 'SIGINT' || !process.stdin.isTTY) child.kill(name);
    });
    child.on('error', reject);
    child.on('exit', (code, killedBy) => resolve(code ?? exitCodeOf(killedBy ?? 'SIGKILL')));
  });
}

/** The exit code a shell gives a program that a signal ended. */
export function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + (constants.signals[signal] ?? 0);
}
