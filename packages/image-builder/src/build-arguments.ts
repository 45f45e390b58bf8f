// The values for a Dockerfile's ARG lines: text, and asked for.
import type { Dockerfile } from './dockerfile.ts';
import { imageError } from './error-codes.ts';

// The engine knows these without an ARG line. https://docs.docker.com/build/building/variables/#pre-defined-build-arguments
const predefined = /^(?:(?:https?|ftp|no|all)_proxy|BUILDKIT_\w+|SOURCE_DATE_EPOCH|(?:BUILD|TARGET)(?:PLATFORM|OS|ARCH|VARIANT))$/i;

/**
 * Checks that every value is text: from a YAML file numbers and lists come in spite of the types, and the engine would fail on them without a name.
 * @throws `ERR_BUILD_ARGS_INVALID`; the message holds the name, never the value.
 */
export function checkArguments(args: Readonly<Record<string, unknown>>): void {
  const wrong = Object.entries(args).find(([name, value]) => typeof value !== 'string' || name === '');
  if (wrong !== undefined) throw imageError('ERR_BUILD_ARGS_INVALID', `The build argument ${wrong[0]} is not text.`);
}

/** Names of arguments that no ARG line takes: most likely a slip of the finger. */
export function unusedArguments(args: Readonly<Record<string, string>>, { instructions }: Dockerfile): string[] {
  const declared = instructions
    .filter(({ keyword }) => keyword === 'ARG')
    .flatMap(({ rest }) => [...rest.matchAll(/[A-Za-z_]\w*/g)].map(String));
  return Object.keys(args).filter((name) => !declared.includes(name) && !predefined.test(name));
}
