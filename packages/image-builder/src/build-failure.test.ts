import { expect, it } from 'vitest';
import { buildFailure } from './build-failure.ts';
import { parseDockerfile } from './dockerfile.ts';

const dockerfile = parseDockerfile('# syntax=docker/dockerfile:1\nFROM a\nCOPY left-out /x\nRUN npm ci && \\\n  npm test\n');
const build = { file: 'app/Dockerfile', dockerfile, platform: 'linux/arm64', isIgnored: (path: string) => path === 'left-out' };
const solve = 'failed to solve with frontend dockerfile.v0: failed to create LLB definition: ';

function explain(message: string, step = '', lastLines: string[] = []): { code: string; message: string; hint: string } {
  return buildFailure({ message, step, lastLines }, build) as never;
}

it.each<[string, string, string, string, RegExp]>([
  [
    'a failing RUN',
    'executor failed running [/bin/sh -c npm ci]: exit code: 3',
    '[2/3] RUN npm ci',
    'ERR_BUILD_STEP_FAILED',
    /^`RUN npm ci` failed with exit code 3\.$/,
  ],
  [
    'a failing RUN of a newer engine',
    'process "/bin/sh -c npm ci" did not complete successfully: exit code: 1',
    '[stage-0 2/3] RUN npm ci',
    'ERR_BUILD_STEP_FAILED',
    /^`RUN npm ci` failed with exit code 1/,
  ],
  [
    'a failing RUN of the classic builder',
    "The command '/bin/sh -c x' returned a non-zero code: 9",
    '[3/4] RUN x',
    'ERR_BUILD_STEP_FAILED',
    /exit code 9/,
  ],
  [
    'a RUN over several lines',
    'executor failed running [x]: exit code: 1',
    '[2/3] RUN npm ci &&   npm test',
    'ERR_BUILD_STEP_FAILED',
    /\(app\/Dockerfile:4\)/,
  ],
  [
    'a program that cannot be started',
    'failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/x": stat /x: no such file or directory: unknown',
    '[2/2] RUN ["/x"]',
    'ERR_BUILD_STEP_FAILED',
    /failed: exec: "\/x": stat \/x: no such file or directory\.$/,
  ],
  [
    'a missing file',
    'failed to compute cache key: "/nope" not found: not found',
    '[1/1] COPY nope /a',
    'ERR_BUILD_FILE_NOT_FOUND',
    /"nope" is not in what was sent/,
  ],
  [
    'a missing file on a newer engine',
    'failed to compute cache key: failed to calculate checksum of ref x::y: "/nope": not found',
    '[1/1] COPY nope /a',
    'ERR_BUILD_FILE_NOT_FOUND',
    /"nope" is not in what was sent/,
  ],
  [
    'a missing file in another stage',
    'failed to calculate checksum of ref x::y: "/dist": not found',
    '[2/2] COPY --from=build /dist /a',
    'ERR_BUILD_FILE_NOT_FOUND',
    /"dist" is not in "build"/,
  ],
  [
    'a missing file of the classic builder',
    'COPY failed: file not found in build context or excluded by .dockerignore: stat nope: file does not exist',
    '[2/2] COPY nope /',
    'ERR_BUILD_FILE_NOT_FOUND',
    /"nope"/,
  ],
  [
    'a pattern that matches nothing',
    'COPY failed: no source files were specified',
    '[2/2] COPY x* /',
    'ERR_BUILD_FILE_NOT_FOUND',
    /nothing in the build context matches/,
  ],
  [
    'a syntax error',
    `${solve}dockerfile parse error line 2: unknown instruction: COPPY`,
    '',
    'ERR_BUILD_DOCKERFILE_INVALID',
    /^app\/Dockerfile:2: unknown instruction: COPPY\.$/,
  ],
  [
    'a syntax error of a newer engine',
    'dockerfile parse error on line 7: FROM requires either one or three arguments',
    '',
    'ERR_BUILD_DOCKERFILE_INVALID',
    /^app\/Dockerfile:7: FROM requires/,
  ],
  [
    'a base without value',
    `${solve}base name (\${B}) should not be blank`,
    '',
    'ERR_BUILD_DOCKERFILE_INVALID',
    /starts from \$\{B\}, which has no value/,
  ],
  [
    'a base that is no name',
    `${solve}failed to parse stage name "UP:1": invalid reference format: repository name must be lowercase`,
    '',
    'ERR_BUILD_DOCKERFILE_INVALID',
    /cannot read app\/Dockerfile: failed to parse stage name "UP:1"/,
  ],
  ['a stage that the parser missed', `${solve}target stage two could not be found`, '', 'ERR_BUILD_TARGET_UNKNOWN', /no stage "two"/],
  [
    'no network',
    `${solve}failed to do request: Head "https://registry-1.docker.io/v2/library/n/manifests/1": dial tcp: lookup registry-1.docker.io: no such host`,
    '[internal] load metadata for docker.io/library/n:1',
    'ERR_BUILD_BASE_IMAGE',
    /needs the image n:1, which cannot be pulled: the Docker engine does not reach docker\.io/,
  ],
  [
    'an unknown image',
    `${solve}ghcr.io/t/n:1: not found`,
    '[internal] load metadata for ghcr.io/t/n:1',
    'ERR_BUILD_BASE_IMAGE',
    /ghcr\.io\/t\/n:1, which ghcr\.io does not have/,
  ],
  [
    'a private image',
    `${solve}pull access denied, repository does not exist or may require authorization`,
    '[internal] load metadata for docker.io/t/n:1',
    'ERR_BUILD_BASE_IMAGE',
    /does not give out: it does not exist there, or is private/,
  ],
  [
    'a base without this platform',
    `${solve}no match for platform in manifest sha256:1: not found`,
    '[internal] load metadata for 127.0.0.1:5000/n:1',
    'ERR_BUILD_BASE_IMAGE',
    /has no variant for linux\/arm64/,
  ],
  [
    'a registry without TLS',
    'Get "https://r.example:5000/v2/": http: server gave HTTP response to HTTPS client',
    '[1/3] FROM r.example:5000/n:1',
    'ERR_BUILD_BASE_IMAGE',
    /r\.example:5000 speaks plain HTTP/,
  ],
  [
    'too many pulls',
    'toomanyrequests: You have reached your pull rate limit',
    '[1/3] FROM n:1',
    'ERR_BUILD_BASE_IMAGE',
    /limits how often it answers/,
  ],
  [
    'a frontend',
    'failed to solve with frontend dockerfile.v0: failed to solve with frontend gateway.v0: failed to do request: dial tcp: i/o timeout',
    'resolve image config for docker.io/docker/dockerfile:1',
    'ERR_BUILD_FRONTEND',
    /asks for the frontend docker\/dockerfile:1, which cannot be pulled/,
  ],
  ['a full disk', 'write /x: no space left on device', '[2/3] COPY a /', 'ERR_IMAGE_NO_SPACE', /no disk space left/],
  ['anything else', 'the moon is in the wrong place', '', 'ERR_IMAGE_ENGINE_REFUSED', /the moon is in the wrong place/],
])('explains %s [CLI-8]', (_name, message, step, code, words) => {
  expect(explain(message, step)).toMatchObject({ code, message: expect.stringMatching(words) as string });
});

it('says when the classic builder cannot build for the other platform [CLI-8]', () => {
  const words =
    'failed to get destination image "sha256:1": image with reference sha256:1 was found but does not match the specified platform: wanted linux/arm64, actual: linux/amd64';
  expect(explain(words, '[3/3] COPY left-out /x')).toMatchObject({
    code: 'ERR_BUILD_PLATFORM',
    hint: expect.stringContaining('BuildKit') as string,
  });
  expect(explain(words, '[1/3] FROM n:1')).toMatchObject({ code: 'ERR_BUILD_BASE_IMAGE' });
});

it('shows the last lines of a failing step', () => {
  const lines = Array.from({ length: 12 }, (_unused, index) => `line ${index}`);
  const { message } = explain('executor failed running [x]: exit code: 1', '[1/1] RUN x', lines);
  expect(message).toContain('Its last lines:\n  line 4\n');
  expect(message).toContain('  line 11');
});

it.each([
  [127, /does not have this command/],
  [137, /want of memory/],
])('hints at what exit code %d means', (code, hint) => {
  expect(explain(`executor failed running [x]: exit code: ${code}`).hint).toMatch(hint);
});

it('says how to run commands of another platform [CLI-8]', () => {
  const { code, message, hint } = explain('executor failed running [/bin/sh -c x]: exit code: 1', '[2/2] RUN x', [
    'exec /bin/sh: exec format error',
  ]) as never;
  expect({ code, message, hint }).toMatchObject({
    code: 'ERR_BUILD_PLATFORM',
    message: expect.stringContaining('linux/arm64') as string,
    hint: expect.stringMatching(/binfmt.*build\.platform/) as string,
  });
});

it('says when .dockerignore is why a file is missing', () => {
  const { message, hint } = explain('failed to compute cache key: "/left-out" not found: not found', '[1/2] COPY left-out /x') as never as {
    message: string;
    hint: string;
  };
  expect(message).toContain('(app/Dockerfile:3)');
  expect(hint).toContain('add `!left-out`');
});
