// A command of the Dockerfile that failed, or could not be run at all.
import type { BuildFault } from './build-progress.ts';
import { imageError } from './error-codes.ts';
import { instructionOf } from './step-name.ts';

const failed =
  /executor failed running|did not complete successfully|returned a non-zero code|OCI runtime create failed|unable to start container process|runc run failed/;
const shownLines = 8;

/** The error for a failed `RUN`; `undefined` when the words tell of something else. `place` is ` (Dockerfile:7)` or empty. */
export function stepFailure(fault: BuildFault, build: { readonly platform: string | undefined }, place: string): Error | undefined {
  if (!failed.test(fault.message)) return undefined;
  const everything = [fault.message, ...fault.lastLines].join('\n');
  const command = commandOf(fault);
  if (/exec format error/i.test(everything)) {
    const target = build.platform === undefined ? 'the image' : build.platform;
    const message = `\`${command}\`${place} cannot run here: its program is for another processor than this engine's (building for ${target}).`;
    return imageError('ERR_BUILD_PLATFORM', message, { data: { platform: build.platform ?? null } });
  }
  const code = exitCodeOf(fault.message);
  const lines = fault.lastLines.slice(-shownLines);
  const cause = /unable to start container process: (.*?)(?:: unknown)?$/m.exec(fault.message)?.[1];
  const ending =
    lines.length > 0 ? `. Its last lines:\n${lines.map((line) => `  ${line}`).join('\n')}` : cause === undefined ? '.' : `: ${cause}.`;
  return imageError(
    'ERR_BUILD_STEP_FAILED',
    `\`${command}\`${place} failed${code === undefined ? '' : ` with exit code ${code}`}${ending}`,
    {
      hint: hintFor(everything, code),
      data: { command, exitCode: code ?? null, lastLines: fault.lastLines },
    },
  );
}

function commandOf({ step, message }: BuildFault): string {
  const command = instructionOf(step);
  return (command === '' ? (/\[(.*)\]|The command '([^]*)' returned/.exec(message)?.slice(1).find(Boolean) ?? 'a command') : command).slice(
    0,
    300,
  );
}

function exitCodeOf(message: string): number | undefined {
  const code = /(?:exit code|non-zero code): (\d+)/.exec(message)?.[1];
  return code === undefined ? undefined : Number(code);
}

function hintFor(everything: string, code: number | undefined): string | undefined {
  const shell = /exec: "\/bin\/sh": stat \/bin\/sh: no such file/.test(everything);
  if (shell)
    return 'The image has no shell. Write the command as a list, `RUN ["/program", "argument"]`, or start from an image with a shell.';
  if (code === 137) return 'It was killed, most likely for want of memory: give the Docker engine more memory, or make the step need less.';
  if (code === 127) return 'The image does not have this command: install it in an earlier RUN, or start from an image that has it.';
  return undefined;
}
