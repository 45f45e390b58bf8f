// One voice for what the tool tells a person: on stderr, so that the command's own output stays clean.

/** Says one line. */
export type Say = (line: string) => void;

/** Writes the line to stderr behind the tool's name. */
export const sayOnStderr: Say = (line) => {
  process.stderr.write(`local-docker: ${line}\n`);
};
