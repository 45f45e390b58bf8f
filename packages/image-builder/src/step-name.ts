// What the engine calls a step.

/** The instruction that a step carries out: its name without the counter in front, `[stage 2/4] `. */
export function instructionOf(step: string): string {
  return step.replace(/^\[[^\]]*\d+\/\d+\] /, '');
}
