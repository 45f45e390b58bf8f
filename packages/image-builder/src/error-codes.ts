// Every error code of this package, as data: docs/errors.md is generated from it.
import { errorMaker } from '@runlayer/errors';
import type { ErrorMaker } from '@runlayer/errors';

/** What each code means and what to do next. */
export const imageErrors = {
  ERR_IMAGE_ENGINE_UNREACHABLE: {
    title: 'No Docker engine answers',
    status: 503,
    hint: 'Start Docker, or point DOCKER_HOST at a running engine. `docker version` must show a server.',
  },
  ERR_IMAGE_ENGINE_REFUSED: { title: 'The Docker engine refused', status: 502 },
  ERR_IMAGE_CANCELLED: {
    title: 'Cancelled',
    status: 499,
    hint: 'Start it again when you are ready; finished steps are kept in the cache.',
  },
  ERR_IMAGE_NO_SPACE: {
    title: 'No disk space left for images',
    status: 507,
    hint: 'Free some space: `docker system df` shows what is used, `docker image prune` and `docker builder prune` remove what nothing needs.',
  },
  ERR_BUILD_CONTEXT_MISSING: {
    title: 'Build context missing',
    status: 422,
    hint: 'Set `build.context` to an existing folder; it is relative to the folder of runlayer.yaml.',
  },
  ERR_BUILD_CONTEXT_UNREADABLE: {
    title: 'Build context unreadable',
    status: 422,
    hint: 'Make the file readable, or list it in .dockerignore.',
  },
  ERR_BUILD_DOCKERFILE_MISSING: {
    title: 'Dockerfile missing',
    status: 422,
    hint: 'Set `build.dockerfile` to its path, relative to `build.context`.',
  },
  ERR_BUILD_DOCKERFILE_INVALID: { title: 'Dockerfile invalid', status: 422, hint: 'See https://docs.docker.com/reference/dockerfile/.' },
  ERR_BUILD_ARGS_INVALID: {
    title: 'Build argument invalid',
    status: 422,
    hint: 'Write every value below `build.args` as text, in quotes.',
  },
  ERR_BUILD_TARGET_REQUIRED: { title: 'Build target required', status: 422, hint: 'Name the stage to run with `build.target`.' },
  ERR_BUILD_TARGET_UNKNOWN: { title: 'Build target unknown', status: 422, hint: 'Use a name that stands after AS in the Dockerfile.' },
  ERR_BUILD_BASE_IMAGE: { title: 'Base image not available', status: 422 },
  ERR_BUILD_FRONTEND: {
    title: 'Dockerfile frontend not available',
    status: 422,
    hint: 'Remove the `# syntax=` line unless you need it: the engine then uses its built-in frontend.',
  },
  ERR_BUILD_STEP_FAILED: { title: 'Build step failed', status: 422, hint: 'Run `docker build .` in the context to try the step again.' },
  ERR_BUILD_FILE_NOT_FOUND: {
    title: 'File to copy not found',
    status: 422,
    hint: 'Paths are relative to the build context, and what .dockerignore lists is not in it.',
  },
  ERR_BUILD_PLATFORM: {
    title: 'Platform not runnable on this engine',
    status: 422,
    hint: 'Install emulation once with `docker run --privileged --rm tonistiigi/binfmt --install all` (or the qemu-user-static package), or set `build.platform` to the platform of this machine.',
  },
  ERR_IMAGE_REFERENCE_INVALID: {
    title: 'Image reference invalid',
    status: 422,
    hint: 'Write it as [registry/]repository[:tag][@sha256:…].',
  },
  ERR_IMAGE_NOT_FOUND: { title: 'Image not found', status: 404, hint: 'Check the name and the tag, or build the image first.' },
  ERR_REGISTRY_DENIED: {
    title: 'Registry denied access',
    status: 403,
    hint: 'Check the credentials and that they may write to this repository.',
  },
  ERR_REGISTRY_REPOSITORY_UNKNOWN: {
    title: 'Repository unknown to the registry',
    status: 404,
    hint: 'Create the repository first, or correct its name.',
  },
  ERR_REGISTRY_INSECURE: {
    title: 'Registry speaks plain HTTP',
    status: 502,
    hint: "Give the registry a certificate, or list it under `insecure-registries` in the engine's daemon.json.",
  },
  ERR_REGISTRY_UNREACHABLE: {
    title: 'Registry unreachable',
    status: 502,
    hint: 'Check the address and the network of the engine, then try again.',
  },
  ERR_REGISTRY_PUSH_FAILED: { title: 'Push failed', status: 502, hint: 'Try again: layers that arrived are not sent twice.' },
} as const;

/** Makes an error of {@link imageErrors}. */
export const imageError: ErrorMaker<typeof imageErrors> = errorMaker(imageErrors);
