// What a deployment's table is called. In a file of its own, so that whoever only asks does not load a store.
import type { Settings } from './options.ts';

/** Name of a deployment's table. */
export function tableName({ prefix }: Pick<Settings, 'prefix'>, deploymentId: string): string {
  return `${prefix}-${deploymentId.toLowerCase()}`;
}
