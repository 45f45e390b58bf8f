// Notices that the program that started this one is gone. npm, told to end, ends its shell and leaves running what the shell runs.

const everyMs = 500;

/** Calls back once, within half a second of the parent's end. Does not keep the process alive. */
export function whenOrphaned(then: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    then();
  }, everyMs).unref();
}
