// Checks a runlayer.yaml as an upload would, and stores nothing.
import { formatConfigIssues, maskConfig, parseConfig } from '@runlayer/config-schema';
import type { Context } from '../context.ts';
import type { Validation } from './deployment.ts';
import { unsupportedParts } from './unsupported.ts';

/** What is wrong with a file: the schema's faults, and what this platform's target does not have. */
export function validateYaml({ provisioner }: Pick<Context, 'provisioner'>, yaml: string): Validation {
  const { config, issues, warnings } = parseConfig(yaml);
  const all = [...issues, ...(config === undefined ? [] : unsupportedParts(config, provisioner))];
  if (config !== undefined && all.length === 0) return { valid: true, issues: [], warnings, parsedConfig: maskConfig(config) };
  return { valid: false, error: formatConfigIssues(all), issues: all, warnings };
}
