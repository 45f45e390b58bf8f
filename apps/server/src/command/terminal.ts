// Where a command writes and asks: result on standard output, everything else on standard error.
import { createInterface } from 'node:readline/promises';

/** Standard streams, as the commands use them. */
export interface Terminal {
  /** The result. */
  readonly print: (text: string) => void;
  /** Progress, warnings, questions. */
  readonly note: (text: string) => void;
  /** Whether a person reads the notes. */
  readonly isInteractive: boolean;
  /** Asks a question that is answered with yes or no; `undefined` where nobody can be asked. */
  readonly askYes: (question: string) => Promise<boolean | undefined>;
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  return {
    print: (text) => void stdout.write(text),
    note: (text) => void stderr.write(text),
    isInteractive: stderr.isTTY,
    async askYes(question) {
      if (!stdin.isTTY || !stderr.isTTY) return undefined;
      const lines = createInterface({ input: stdin, output: stderr });
      try {
        // Ctrl-C and Ctrl-D answer nothing, and leave the cursor where it is.
        const left = new Promise<undefined>((resolve) => lines.once('close', () => resolve(undefined)));
        lines.once('SIGINT', () => lines.close());
        const answer = await Promise.race([lines.question(question), left]);
        if (answer === undefined) stderr.write('\n');
        return /^y(es)?$/i.test((answer ?? '').trim());
      } finally {
        lines.close();
      }
    },
  };
}
