// The shape of runlayer.yaml: the one source of its checks, its types, its JSON Schema and its reference page.
import type { Complaint, SectionField, ValueOf } from '../field.ts';
import { buildField, imageField } from './build.ts';
import { envField } from './env.ts';
import { infrastructureField } from './infrastructure.ts';
import { serviceField } from './service.ts';

const uuid = '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$';

const namePattern = '^[a-z0-9_-]{1,63}$';

/** The whole file. */
export const shape = {
  kind: 'section',
  about: 'A deployment: what is built, how it is reached, what it runs on and which variables it gets.',
  emptyHint: 'Run `runlayer deploy init` for a template.',
  required: ['name', 'service'],
  keys: {
    id: {
      kind: 'text',
      expected: 'a UUID',
      pattern: uuid,
      nullable: true,
      check: checkId,
      about: 'UUID of the deployment. `runlayer deploy init` writes it, and the first `runlayer deploy` of a file without one.',
      example: '9b2f0c1e-5a64-4c7e-9d1b-3f8f6a2d7e10',
    },
    name: {
      kind: 'text',
      expected: 'at most 63 lower-case letters, digits, `_` and `-`',
      pattern: namePattern,
      check: checkName,
      about: 'Name of the deployment: lower-case letters, digits, `_` and `-`, at most 63.',
      example: 'notes',
    },
    runtime: {
      kind: 'word',
      words: ['docker'],
      about: 'How the service is run. `docker` is the only runtime.',
      default: '`docker`',
      example: 'docker',
    },
    build: buildField,
    image: imageField,
    service: serviceField,
    infrastructure: infrastructureField,
    env: envField,
  },
} as const satisfies SectionField;

/** What the file reads as before its defaults are filled in: whatever is absent or faulty is undefined. */
export type Values = ValueOf<typeof shape>;

function checkId(value: string): Complaint | undefined {
  if (new RegExp(uuid).test(value)) return undefined;
  return {
    message: 'must be a UUID.',
    suggestion: uuidIn(value),
    hint: 'Take it from the page of the deployment, or remove the line: a deployment is then made.',
  };
}

/** The one UUID that a text holds with something around it (a space, `urn:uuid:`, an address), or that lacks its dashes. */
function uuidIn(value: string): string | undefined {
  const [found, another] = value.slice(0, 512).match(/(?<![0-9a-f])[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}(?![0-9a-f])/gi) ?? [];
  if (found === undefined || another !== undefined) return undefined;
  return found
    .replace(/-/g, '')
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
    .toLowerCase();
}

function checkName(value: string): Complaint | undefined {
  if (new RegExp(namePattern).test(value)) return undefined;
  if (value === '') return { message: 'is empty.' };
  const isLong = /^[a-z0-9_-]+$/.test(value);
  const message = isLong ? `is ${value.length} characters long; at most 63 are allowed.` : 'must be lower-case and URL-friendly.';
  return { message, suggestion: suggestName(value) };
}

function suggestName(value: string): string | undefined {
  const plain = value
    .slice(0, 256)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63);
  return plain === '' ? undefined : plain;
}
