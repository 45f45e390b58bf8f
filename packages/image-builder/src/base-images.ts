// Which images a Dockerfile starts from, with its variables filled in.
import type { Dockerfile } from './dockerfile.ts';
import { parseReference } from './reference.ts';
import { stagesOf } from './stages.ts';

/** An image that a stage starts from. */
export interface BaseImageUse {
  readonly reference: string;
  /** Docker's name of the platform it is wanted for; `undefined` means that of the build. */
  readonly platform: string | undefined;
}

/** The images that the stages start from, each once. `scratch`, earlier stages and names that stay unclear are left out. */
export function baseImagesOf(dockerfile: Dockerfile, args: Readonly<Record<string, string>>): BaseImageUse[] {
  const values = globalArguments(dockerfile, args);
  const stages = stagesOf(dockerfile);
  const found = new Map<string, BaseImageUse>();
  for (const [index, stage] of stages.entries()) {
    const reference = expand(stage.base, values);
    const isStage = stages.slice(0, index).some(({ name }) => name === reference.toLowerCase());
    if (isStage || reference === 'scratch' || parseReference(reference) === undefined) continue;
    const platform = stage.platform === undefined ? undefined : expand(stage.platform, values);
    // BUILDPLATFORM and its kin are known only to the engine.
    const known = platform === undefined || /^[a-z0-9]+\/[a-z0-9/]+$/.test(platform);
    if (known) found.set(`${reference} ${platform ?? ''}`, { reference, platform });
  }
  return [...found.values()];
}

/** `ARG` lines before the first `FROM`: only those may be used in a `FROM`. */
function globalArguments({ instructions }: Dockerfile, args: Readonly<Record<string, string>>): Map<string, string> {
  const values = new Map<string, string>();
  for (const { keyword, rest } of instructions) {
    if (keyword === 'FROM') break;
    if (keyword !== 'ARG') continue;
    for (const [, name = '', given] of rest.matchAll(/([A-Za-z_]\w*)(?:=("[^"]*"|'[^']*'|\S*))?/g)) {
      const value = Object.hasOwn(args, name) ? args[name] : given?.replace(/^(["'])(.*)\1$/, '$2');
      if (value !== undefined) values.set(name, expand(value, values));
    }
  }
  return values;
}

/** `$A`, `${A}`, `${A:-default}` and `${A:+other}`. @see https://docs.docker.com/reference/dockerfile/#environment-replacement */
function expand(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(/\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::([-+])([^}]*))?\})/g, (_whole, bare, braced, sign, word: string) => {
    const value = values.get((bare ?? braced) as string) ?? '';
    if (sign === '-') return value === '' ? word : value;
    return sign === '+' ? (value === '' ? '' : word) : value;
  });
}
