// How the demo talks: numbered steps, what was seen, and an end at the first thing that is not as it should be.

let steps = 0;

/** Announces a step. */
export function step(text: string): void {
  steps += 1;
  console.log(`\n${steps}. ${text}`);
}

/** Shows something that was seen. */
export function show(text: string): void {
  console.log(text.replace(/^/gm, '   '));
}

/** Ends the demo, with a non-zero exit code, when something is not as it should be. */
export function expect(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(`The demo saw something else than it should: ${what}`);
  show(`ok: ${what}`);
}
