// The values of `env` at rest: sealed with the row they belong to, in the order of the file.
import type { Context } from '../context.ts';

const columns = { deployment: 'deployments.sealed_env', release: 'releases.sealed_env' } as const;

/** Whose `env` it is. */
export interface EnvPlace {
  readonly of: keyof typeof columns;
  /** UUID of the deployment or release. */
  readonly id: string;
}

/** Seals all names and values as one. */
export function sealEnv({ sealer }: Pick<Context, 'sealer'>, env: Readonly<Record<string, string>>, place: EnvPlace): string {
  return sealer.seal(JSON.stringify(Object.entries(env)), { row: place.id, column: columns[place.of] });
}

/** Opens them again; nothing was sealed: no values. */
export function openEnv({ sealer }: Pick<Context, 'sealer'>, sealed: string | null, place: EnvPlace): Record<string, string> {
  if (sealed === null) return {};
  return Object.fromEntries(JSON.parse(sealer.open(sealed, { row: place.id, column: columns[place.of] })) as [string, string][]);
}
