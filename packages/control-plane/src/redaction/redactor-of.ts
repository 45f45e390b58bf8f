// The redactor of one deployment: its values as they are stored and as its container sees them.
import { expandPlatformVariables } from '@runlayer/config-schema';
import type { Context } from '../context.ts';
import { platformValues } from '../workload/platform-values.ts';
import type { Redactor } from './redactor.ts';
import { createRedactor } from './redactor.ts';

/** Hides these values of `env`; an address of the platform by itself (`OAUTH_ISSUER: $$DEPLOYMENT_URL`) is no secret. */
export function redactorOf(context: Pick<Context, 'platformUrl'>, deploymentId: string, values: readonly string[]): Redactor {
  const platform = platformValues(context, deploymentId);
  const known = new Set<string>([...Object.values(platform), ...Object.keys(platform).map((name) => `$$${name}`)]);
  const seen = values.flatMap((value) => [value, expandPlatformVariables(value, platform)]);
  return createRedactor(seen.filter((value) => !known.has(value)));
}
