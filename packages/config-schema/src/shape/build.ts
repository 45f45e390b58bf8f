// The shape of `build` and of `image`: where the container's image comes from.
import type { Complaint, SectionField, TextField, WordField } from '../field.ts';

/** `x86` or `arm`, and what people call them. */
export const platformField = {
  kind: 'word',
  words: ['x86', 'arm'],
  synonyms: {
    amd64: 'x86',
    x86_64: 'x86',
    'x86-64': 'x86',
    x64: 'x86',
    intel: 'x86',
    amd: 'x86',
    'linux/amd64': 'x86',
    arm64: 'arm',
    aarch64: 'arm',
    'arm64/v8': 'arm',
    graviton: 'arm',
    'linux/arm64': 'arm',
    'linux/arm64/v8': 'arm',
  },
  about: '',
} as const satisfies WordField<'x86' | 'arm'>;

const pathText = (about: string, standard: string) =>
  ({
    kind: 'text',
    expected: 'a path',
    check: checkFilePath,
    about,
    default: `\`${standard}\``,
    example: standard,
  }) as const satisfies TextField;

/** `build` of the file. */
export const buildField = {
  kind: 'section',
  about: 'Builds the image from a Dockerfile. Left out, and without `image`, all its defaults hold.',
  emptyHint: 'Remove the line to build with the defaults, or give it at least one key, such as `dockerfile: Dockerfile`.',
  keys: {
    dockerfile: pathText('Path of the Dockerfile.', 'Dockerfile'),
    context: pathText('Folder that is sent to the build.', '.'),
    platform: {
      ...platformField,
      about: 'CPU architecture to build for: `arm` costs less on AWS.',
      default: '`arm`; the template of `init` always states it',
      example: 'arm',
    },
    args: {
      kind: 'map',
      names: 'build argument',
      namePattern: '^[A-Za-z_][A-Za-z0-9_]*$',
      checkName: checkArgumentName,
      about: 'Build arguments (`ARG`). Values are texts: put numbers in quotes. They stay visible in the image, so never pass a secret.',
      default: 'none',
      example: { NODE_VERSION: '24' },
      value: { kind: 'text', expected: 'a text', about: 'Value of the argument.' },
    },
    target: {
      kind: 'text',
      expected: 'the name of a stage',
      nullable: true,
      check: checkTarget,
      about: 'Stage to build, for a Dockerfile with several.',
      default: 'the last stage',
      example: 'runtime',
    },
  },
} as const satisfies SectionField;

// The grammar of distribution/reference, names in lower case. @see https://github.com/distribution/reference/blob/main/reference.go
const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const host = '(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9A-Fa-f:]+\\])(?::[0-9]+)?';
const imagePattern = `^(?:${host}/)?${component}(?:/${component})*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$`;
const imageExpression = new RegExp(imagePattern);

/** `image` of the file. */
export const imageField = {
  kind: 'text',
  expected: 'an image reference, such as ghcr.io/acme/notes:1.2.0',
  pattern: imagePattern,
  check: checkImage,
  about: 'Runs an image that exists already, instead of building one. It cannot stand beside `build`.',
  example: 'ghcr.io/acme/notes:1.2.0',
} as const satisfies TextField;

function checkImage(value: string): Complaint | undefined {
  if (value === '') return { message: 'is empty.', hint: 'Name an image, or remove the line to build one.' };
  if (value.length <= 512 && imageExpression.test(value)) return undefined;
  const lower = value
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '');
  return {
    message: 'must be an image reference.',
    suggestion: lower !== value && lower.length <= 512 && imageExpression.test(lower) ? lower : undefined,
  };
}

function checkFilePath(value: string): Complaint | undefined {
  if (value === '') return { message: 'is empty.' };
  if (/[\r\n]/.test(value)) return { message: 'must be on one line.' };
  return value.length > 4096 ? { message: 'is longer than 4096 characters.' } : undefined;
}

function checkTarget(value: string): Complaint | undefined {
  return /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/.test(value)
    ? undefined
    : { message: 'must be the name of a stage: letters, digits, `.`, `_` and `-`.' };
}

function checkArgumentName(name: string): Complaint | undefined {
  if (/^[A-Za-z_][A-Za-z0-9_]{0,255}$/.test(name)) return undefined;
  return { message: 'is not a valid name of a build argument.', expected: 'letters, digits and `_`, not beginning with a digit' };
}
