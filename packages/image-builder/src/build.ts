// The story of a build: look, send, follow, tell what came of it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { unavailableBase } from './base-image-failure.ts';
import { baseImagesOf } from './base-images.ts';
import { checkArguments, unusedArguments } from './build-arguments.ts';
import { measureContext, openContext, packContext, unreadable } from './build-context.ts';
import type { BuildContext } from './build-context.ts';
import { buildFailure } from './build-failure.ts';
import { BuildProgress } from './build-progress.ts';
import type { BuildFault } from './build-progress.ts';
import { startBuild } from './build-session.ts';
import type { StartedBuild } from './build-session.ts';
import { parseDockerfile } from './dockerfile.ts';
import type { Dockerfile } from './dockerfile.ts';
import { userCredentials } from './docker-credentials.ts';
import { engineFailure, engineWords, hasStatus } from './engine-failure.ts';
import { engineInfo } from './engine-info.ts';
import { followEngine } from './engine-stream.ts';
import { imageError } from './error-codes.ts';
import type { BuildEvent, BuiltEvent, TransferEvent } from './events.ts';
import type { BuildOptions } from './image-builder.ts';
import { dockerPlatform, platformOf } from './platform.ts';
import { pull, PullRefused } from './pull.ts';
import { parseReference } from './reference.ts';
import { registryReason } from './registry-reason.ts';
import { checkStages, stagesOf } from './stages.ts';

/** What a build stands on. */
export interface BuildSurroundings {
  readonly docker: Docker;
  readonly dockerConfig: string;
  readonly builder: 'buildkit' | 'classic' | undefined;
  readonly signal: AbortSignal | undefined;
}

const largeContext = 100 * 1024 * 1024;

/** Everything that was found out before the engine is asked to build. */
interface Plan {
  readonly options: BuildOptions;
  readonly context: BuildContext;
  readonly dockerfile: Dockerfile;
  readonly platform: string | undefined;
  readonly classic: boolean;
  /** Arguments that the engine will not miss. */
  readonly unused: readonly string[];
}

/** Builds an image; see `ImageBuilder.build`. */
export async function* build(where: BuildSurroundings, options: BuildOptions): AsyncGenerator<BuildEvent> {
  const { docker, signal } = where;
  try {
    const plan = await makePlan(where, options);
    const { bytes, files, envFiles } = await measureContext(plan.context, signal);
    if (bytes > largeContext) yield { type: 'warning', message: largeContextWarning(bytes, files) };
    if (envFiles.length > 0) yield { type: 'warning', message: envFileWarning(envFiles) };
    for (const name of plan.unused) yield { type: 'warning', message: `No ARG line of the Dockerfile takes the build argument ${name}.` };
    yield* fetchBaseImages(where, plan);
    yield { type: 'context', bytes, files };
    const progress = new BuildProgress();
    yield* followBuild(await start(where, plan), progress, signal);
    yield await outcome(docker, plan, progress);
  } catch (error) {
    throw engineFailure(unreadable(error), 'building the image', signal);
  }
}

async function makePlan({ docker, builder }: BuildSurroundings, options: BuildOptions): Promise<Plan> {
  checkArguments(options.args ?? {});
  const context = await openContext(options.context, options.dockerfile ?? 'Dockerfile');
  const dockerfile = parseDockerfile(context.dockerfileText);
  checkStages(stagesOf(dockerfile), options.target, context.dockerfilePath);
  const engine = await engineInfo(docker);
  const platform = options.platform === undefined ? undefined : dockerPlatform(options.platform);
  const unused = unusedArguments(options.args ?? {}, dockerfile);
  return { options, context, dockerfile, platform, unused, classic: builder === 'classic' || !engine.buildKit };
}

/** Private base images are pulled here, each with the credentials of its own registry: the build itself never sees any. */
async function* fetchBaseImages({ docker, dockerConfig, signal }: BuildSurroundings, plan: Plan): AsyncGenerator<TransferEvent> {
  for (const use of baseImagesOf(plan.dockerfile, plan.options.args ?? {})) {
    const registry = parseReference(use.reference)?.registry ?? '';
    const auth = await userCredentials(registry, dockerConfig);
    const wanted = plan.options.pull === true || (auth !== undefined && !(await isPresent(docker, use.reference)));
    if (!wanted) continue;
    const platform = use.platform ?? plan.platform;
    try {
      yield* pull(docker, use.reference, { auth, platform, signal });
    } catch (error) {
      if (!(error instanceof PullRefused)) throw error;
      throw unavailableBase(use.reference, registryReason(error.message), plan.context.dockerfilePath, platform);
    }
  }
}

async function isPresent(docker: Docker, reference: string): Promise<boolean> {
  return docker
    .getImage(reference)
    .inspect()
    .then(
      () => true,
      () => false,
    );
}

async function start(where: BuildSurroundings, plan: Plan): Promise<StartedBuild> {
  try {
    return await startBuild(where.docker, packContext(plan.context), requestFor(plan, where.signal));
  } catch (error) {
    // Engines that only look like Docker's may claim its version without its BuildKit.
    const lacksBuildKit = hasStatus(error, 404) || hasStatus(error, 405) || hasStatus(error, 501);
    if (!plan.classic && lacksBuildKit) return start(where, { ...plan, classic: true });
    // The classic builder reads the Dockerfile before it answers.
    throw hasStatus(error, 400) ? failure(plan, { message: engineWords(error), step: '', lastLines: [] }) : error;
  }
}

function requestFor({ options, context, platform, classic }: Plan, signal: AbortSignal | undefined): Docker.ImageBuildOptions {
  return {
    dockerfile: context.dockerfileName,
    buildargs: { ...options.args },
    labels: { ...options.labels },
    rm: true,
    forcerm: true,
    ...(options.tag === undefined ? {} : { t: options.tag }),
    ...(options.target === undefined ? {} : { target: options.target }),
    ...(platform === undefined ? {} : { platform }),
    // The classic builder takes cached layers of another platform for its own.
    ...(classic ? { nocache: platform !== undefined } : { version: '2' as const }),
    ...(signal === undefined ? {} : { abortSignal: signal }),
  };
}

async function* followBuild(started: StartedBuild, progress: BuildProgress, signal: AbortSignal | undefined): AsyncGenerator<BuildEvent> {
  try {
    for await (const line of followEngine(started.answer, { signal })) yield* progress.push(line);
    yield* progress.end();
  } finally {
    started.close();
  }
}

async function outcome(docker: Docker, plan: Plan, progress: BuildProgress): Promise<BuiltEvent> {
  if (progress.fault !== undefined) throw failure(plan, progress.fault);
  if (progress.imageId === undefined) throw imageError('ERR_IMAGE_ENGINE_REFUSED', 'The Docker engine ended the build without an image.');
  const { Id, Architecture, Size } = await docker.getImage(progress.imageId).inspect();
  return { type: 'built', imageId: Id, platform: platformOf(Architecture), bytes: Size };
}

function failure({ context, dockerfile, platform }: Plan, fault: BuildFault): Error {
  const isIgnored = (path: string): boolean => context.rules.ignores(path) && existsSync(join(context.folder, path));
  return buildFailure(fault, { file: context.dockerfilePath, dockerfile, platform, isIgnored });
}

function envFileWarning(envFiles: readonly string[]): string {
  return `The build context holds ${envFiles.join(', ')}: a COPY of the folder puts its secrets into the image. List it in .dockerignore.`;
}

function largeContextWarning(bytes: number, files: number): string {
  const size = Math.round(bytes / 1024 / 1024);
  return `The build context is large: ${size} MiB in ${files} files. List what the build does not need, such as node_modules and .git, in .dockerignore.`;
}
