// What of a configuration may be shown: `env` values are secret, so they leave only as `***`.
import type { Config } from './config.ts';

/** What stands in place of every `env` value that is stored or shown. */
export const maskedValue = '***';

/** The same configuration with every `env` value replaced by `***`, whatever its length; safe to store, show and log. */
export function maskConfig(config: Config): Config {
  return { ...config, env: maskEnv(config.env) };
}

/** The names of `env`, each with `***`. */
export function maskEnv(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.keys(env).map((name) => [name, maskedValue]));
}
