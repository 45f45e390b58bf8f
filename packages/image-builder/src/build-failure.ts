// Reads from the engine's words why a build failed, and says it in the words of the Dockerfile.
import { baseImageFailure, frontendFailure } from './base-image-failure.ts';
import type { BuildFault } from './build-progress.ts';
import type { Dockerfile } from './dockerfile.ts';
import { isNoSpace } from './engine-failure.ts';
import { imageError } from './error-codes.ts';
import { stepFailure } from './step-failure.ts';
import { instructionOf } from './step-name.ts';

/** What else is known about the build. */
export interface FailedBuild {
  readonly file: string;
  readonly dockerfile: Dockerfile;
  /** Docker's name of the platform that was built for. */
  readonly platform: string | undefined;
  /** Whether a path exists in the context but is left out by the ignore rules. */
  readonly isIgnored: (path: string) => boolean;
}

/** The error for a build that the engine ended. */
export function buildFailure(fault: BuildFault, build: FailedBuild): Error {
  const { message } = fault;
  if (isNoSpace([message, ...fault.lastLines].join('\n'))) {
    return imageError('ERR_IMAGE_NO_SPACE', `The Docker engine has no disk space left: it failed${at(fault, build)}.`);
  }
  return (
    frontendFailure(fault, build.dockerfile.syntax) ??
    missingFile(fault, build) ??
    stepFailure(fault, build, at(fault, build)) ??
    classicPlatform(fault, build) ??
    unknownTarget(message) ??
    syntaxError(message, build) ??
    baseImageFailure(fault, build) ??
    otherRefusal(message, build) ??
    imageError('ERR_IMAGE_ENGINE_REFUSED', `The Docker engine ended the build${at(fault, build)}: ${message.slice(0, 600)}`)
  );
}

function missingFile({ message, step }: BuildFault, build: FailedBuild): Error | undefined {
  const quoted = /"\/?([^"]+)":? not found/.exec(message)?.[1];
  const path = quoted ?? /(?:COPY|ADD) failed: .*?stat (\S+?): /.exec(message)?.[1];
  const nothingMatched = /(?:COPY|ADD) failed: no source files were specified/.test(message);
  if ((path === undefined && !nothingMatched) || !/\b(?:COPY|ADD)\b/.test(`${step} ${message}`)) return undefined;
  const source = /--from=(\S+)/.exec(step)?.[1];
  const what =
    path === undefined
      ? 'nothing in the build context matches'
      : `"${path}" is not in ${source === undefined ? 'what was sent' : `"${source}"`}`;
  return imageError('ERR_BUILD_FILE_NOT_FOUND', `\`${instructionOf(step)}\`${at({ step }, build)} failed: ${what}.`, {
    hint: source === undefined ? hintForFile(path, build) : `Check that the stage or image "${source}" has the file at that path.`,
    data: { path: path ?? null, line: lineOf(step, build.dockerfile) ?? null },
  });
}

function hintForFile(path: string | undefined, { isIgnored }: FailedBuild): string | undefined {
  const ignored = path !== undefined && isIgnored(path);
  return ignored ? `It exists, but .dockerignore leaves it out: add \`!${path}\` to the end of .dockerignore.` : undefined;
}

/** Its layers come out labelled with the engine's own platform, and then do not fit the one that was asked for. */
function classicPlatform({ message, step }: BuildFault, build: FailedBuild): Error | undefined {
  if (!/does not match the specified platform/.test(message) || /\bFROM /.test(step)) return undefined;
  const instruction = `\`${instructionOf(step)}\`${at({ step }, build)}`;
  return imageError(
    'ERR_BUILD_PLATFORM',
    `The classic builder cannot carry out ${instruction} for ${build.platform ?? 'another platform'}.`,
    {
      hint: 'Use an engine with BuildKit (Docker 18.09 or later), or set `build.platform` to the platform of this machine.',
      data: { platform: build.platform ?? null },
    },
  );
}

function unknownTarget(message: string): Error | undefined {
  const name = /target stage "?([^" ]+)"? could not be found|failed to reach build target (\S+)/.exec(message);
  return name === null ? undefined : imageError('ERR_BUILD_TARGET_UNKNOWN', `The Dockerfile has no stage "${name[1] ?? name[2]}".`);
}

function syntaxError(message: string, { file }: FailedBuild): Error | undefined {
  const [, number, words] = /dockerfile parse error(?: on)? line (\d+): ([^]*)/i.exec(message) ?? [];
  if (number !== undefined && words !== undefined) {
    const line = Number(number);
    return imageError('ERR_BUILD_DOCKERFILE_INVALID', `${file}:${line}: ${firstLine(words)}.`, {
      issues: [{ path: '', message: firstLine(words), line }],
    });
  }
  const blank = /base name \((.*?)\) should not be blank/.exec(message)?.[1];
  if (blank === undefined) return undefined;
  const name = blank.replace(/[${}]/g, '');
  return imageError('ERR_BUILD_DOCKERFILE_INVALID', `${file} starts from ${blank}, which has no value.`, {
    hint: `Set \`build.args.${name}\`, or give it a default: \`ARG ${name}=…\` before the first FROM.`,
  });
}

function otherRefusal(message: string, { file }: FailedBuild): Error | undefined {
  const sign = /failed to (?:parse|create LLB)|invalid reference format|requires BuildKit|file with no instructions/;
  return sign.test(message)
    ? imageError('ERR_BUILD_DOCKERFILE_INVALID', `The engine cannot read ${file}: ${firstLine(withoutFrames(message))}.`)
    : undefined;
}

function withoutFrames(message: string): string {
  return message.replace(/^(?:failed to (?:solve(?: with frontend [\w.]+)?|create LLB definition|parse Dockerfile): )+/, '');
}

function firstLine(words: string): string {
  return (words.split('\n')[0] ?? '').trim().replace(/\.$/, '').slice(0, 400);
}

/** ` in <file>:<line>` of the failed step, as far as it is known. */
function at({ step }: Pick<BuildFault, 'step'>, { file, dockerfile }: FailedBuild): string {
  const line = lineOf(step, dockerfile);
  return line === undefined ? '' : ` (${file}:${line})`;
}

/** The line of the instruction that a step carries out. */
function lineOf(step: string, { instructions }: Dockerfile): number | undefined {
  const wanted = squeeze(instructionOf(step));
  return instructions.find(({ keyword, rest }) => squeeze(`${keyword} ${rest}`) === wanted)?.line;
}

function squeeze(text: string): string {
  return text.replace(/\s+/g, ' ').trim().toLowerCase();
}
