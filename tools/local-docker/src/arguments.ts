// The command line of the tool.

/** What was asked for. */
export interface Arguments {
  /** Run the command even when there is no Docker, and install nothing outside CI. */
  readonly optional: boolean;
  readonly command: string;
  readonly args: readonly string[];
}

/** How to call the tool. */
export const usage = 'Usage: node tools/local-docker/src/main.ts [--optional] -- <command> [arguments…]';

/** Reads the words after the program's own name; `undefined` when they make no sense. */
export function parseArguments(words: readonly string[]): Arguments | undefined {
  const dashes = words.indexOf('--');
  const [command, ...args] = words.slice(dashes + 1);
  const flags = words.slice(0, Math.max(dashes, 0));
  if (dashes < 0 || command === undefined || flags.some((flag) => flag !== '--optional')) return undefined;
  return { optional: flags.includes('--optional'), command, args };
}
