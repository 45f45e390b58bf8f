// Tells two workload specs apart, field by field, without ever showing the value of a secret.
import { createHash } from 'node:crypto';
import type { Change } from './provisioner.ts';
import { withoutShadowed } from './shadowed.ts';
import type { WorkloadSpec } from './workload.ts';

/** What stands where the value of a secret would. */
export const secretMask = '***';

/** Name and text of every field that makes a difference; `releaseId` and `name` do not. Holds the values of secrets. */
function fieldsOf(spec: WorkloadSpec): Map<string, string> {
  const fields: [string, string | undefined][] = [
    ['image', spec.image],
    ['platform', spec.platform],
    ['cpu', String(spec.cpu)],
    ['memoryMiB', String(spec.memoryMiB)],
    ['port', String(spec.port)],
    ['path', spec.path],
    ['database', String(spec.database)],
    ...prefixed('env', spec.env),
    ...prefixed('secrets', withoutShadowed(spec).secrets),
    ...prefixed('assumeRoles', spec.assumeRoles),
    ...prefixed('scaling', { ...spec.scaling }),
  ];
  return new Map(fields.filter((field): field is [string, string] => field[1] !== undefined));
}

function prefixed(name: string, values: Readonly<Record<string, string | number | undefined>>): [string, string | undefined][] {
  return Object.keys(values)
    .sort()
    .map((key) => [`${name}.${key}`, values[key] === undefined ? undefined : String(values[key])]);
}

/**
 * What differs between what runs and what is wanted, in a stable order. `releaseId` and `name` make no difference.
 * Values of secrets are compared, and shown as `***`.
 *
 * @param before What runs; left out when nothing does, so that every field is new.
 */
export function diffSpecs(before: WorkloadSpec | undefined, after: WorkloadSpec): Change[] {
  const old = before === undefined ? new Map<string, string>() : fieldsOf(before);
  const wanted = fieldsOf(after);
  const names = [...new Set([...wanted.keys(), ...old.keys()])];
  return names.filter((name) => old.get(name) !== wanted.get(name)).map((name) => change(name, old.get(name), wanted.get(name)));
}

function change(field: string, before: string | undefined, after: string | undefined): Change {
  const shown = (value: string): string => (field.startsWith('secrets.') ? secretMask : value);
  return {
    field,
    ...(before === undefined ? {} : { before: shown(before) }),
    ...(after === undefined ? {} : { after: shown(after) }),
  };
}

/**
 * A stable SHA-256 of the spec, in hex: the same for specs that differ in `releaseId`, in `name` or in the order of keys.
 * Of secrets only the names count. A hash of a short secret can be guessed by trying, so none is made:
 * compare the values themselves, with {@link diffSpecs}.
 */
export function specHash(spec: WorkloadSpec): string {
  const fields = [...fieldsOf(spec)].map(([name, value]) => [name, name.startsWith('secrets.') ? '' : value]);
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex');
}

/** Every variable the container gets. Where `env` and `secrets` both name one, `env` wins: the platform's names cannot be overridden. */
export function variablesOf(spec: WorkloadSpec): Record<string, string> {
  return { ...spec.secrets, ...spec.env };
}
