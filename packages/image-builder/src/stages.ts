// The stages of a Dockerfile, and the rule that one of them must be chosen.
import { imageError } from './error-codes.ts';
import type { Dockerfile } from './dockerfile.ts';
import { nearest } from './nearest.ts';

/** One stage: what a `FROM` line begins. */
export interface Stage {
  /** The name after `AS`, in small letters. */
  readonly name: string | undefined;
  /** What it starts from, as written. */
  readonly base: string;
  /** Value of `--platform`, as written. */
  readonly platform: string | undefined;
  /** Line of its `FROM`. */
  readonly line: number;
}

/** The stages, in order. */
export function stagesOf(dockerfile: Dockerfile): Stage[] {
  return dockerfile.instructions
    .filter(({ keyword }) => keyword === 'FROM')
    .map(({ rest, line }) => {
      const words = rest.split(/\s+/).filter((word) => word !== '');
      const [base = '', as, name] = words.filter((word) => !word.startsWith('--'));
      const platform = words.find((word) => word.startsWith('--platform='))?.slice('--platform='.length);
      return { name: as?.toUpperCase() === 'AS' ? name?.toLowerCase() : undefined, base, platform, line };
    });
}

/**
 * Checks that it is clear which stage to build.
 * @param file Path of the Dockerfile for the message.
 * @throws `ERR_BUILD_DOCKERFILE_INVALID` without any stage, `ERR_BUILD_TARGET_REQUIRED` with several and no target,
 * `ERR_BUILD_TARGET_UNKNOWN` for a target that is none of them.
 * @see https://docs.docker.com/build/building/multi-stage/
 */
export function checkStages(stages: readonly Stage[], target: string | undefined, file: string): void {
  if (stages.length === 0) throw noStage(file);
  if (target === undefined) {
    if (stages.length > 1) throw targetRequired(stages, file);
  } else if (findStage(stages, target) === undefined) throw targetUnknown(stages, target, file);
}

/** The stage of that name, in whatever case, or of that number, counted from 0. */
function findStage(stages: readonly Stage[], target: string): Stage | undefined {
  return stages.findLast(({ name }) => name === target.toLowerCase()) ?? (/^\d+$/.test(target) ? stages[Number(target)] : undefined);
}

function noStage(file: string): Error {
  const message = `${file} has no FROM line, so there is nothing to build from.`;
  return imageError('ERR_BUILD_DOCKERFILE_INVALID', message, {
    issues: [{ path: '', message: 'no FROM line' }],
    hint: 'Begin it with the image to build on, such as `FROM node:24-slim`.',
  });
}

function targetRequired(stages: readonly Stage[], file: string): Error {
  const last = stages.at(-1);
  const hint =
    last?.name === undefined
      ? `To build the last stage, give it a name: \`FROM ${last?.base} AS runtime\` on line ${last?.line} of ${file}, and set \`build.target: runtime\`.`
      : `To build the last stage, set \`build.target: ${last.name}\`.`;
  const message = `${file} has ${stages.length} stages (${describeStages(stages)}), and \`build.target\` names none of them.`;
  return imageError('ERR_BUILD_TARGET_REQUIRED', message, { hint, data: { stages: namesOf(stages), suggestion: last?.name ?? null } });
}

function targetUnknown(stages: readonly Stage[], target: string, file: string): Error {
  const near = nearest(target, namesOf(stages));
  const message = `${file} has no stage "${target}"; its stages are ${describeStages(stages)}.`;
  const hint =
    near === undefined ? 'Set `build.target` to the name after AS of the stage to run.' : `Did you mean \`build.target: ${near}\`?`;
  return imageError('ERR_BUILD_TARGET_UNKNOWN', message, { hint, data: { stages: namesOf(stages), suggestion: near ?? null } });
}

function describeStages(stages: readonly Stage[]): string {
  return stages
    .map(({ name, line }, index) => `${name === undefined ? `number ${index} without a name` : name} on line ${line}`)
    .join(', ');
}

function namesOf(stages: readonly Stage[]): string[] {
  return stages.flatMap(({ name }) => name ?? []);
}
