// Which architecture a configuration asks for, where the file may say it in two places or in none.
import type { Config, Platform } from './config.ts';

/** The architecture a deployment runs on, as far as the file decides it. */
export interface ResolvedPlatform {
  /** Left out in build mode where the file states none: the image that arrives decides. */
  readonly platform?: Platform | undefined;
  /** Whether the file states it. A stated platform that the image does not have is refused; a default is not. */
  readonly stated: boolean;
}

/**
 * Build mode: `infrastructure.platform`, else `build.platform`, else undecided (published clients build for x86 where the
 * documentation says arm, and no request tells which). Image mode: `infrastructure.platform`, else `x86`.
 */
export function resolvePlatform(config: Pick<Config, 'mode' | 'build' | 'infrastructure'>): ResolvedPlatform {
  const platform = config.infrastructure.platform ?? config.build?.platform;
  if (platform !== undefined) return { platform, stated: true };
  return config.mode === 'image' ? { platform: 'x86', stated: false } : { stated: false };
}

/** The architecture to build for: what the file states, else `arm`. */
export function buildPlatform(config: Pick<Config, 'mode' | 'build' | 'infrastructure'>): Platform {
  return resolvePlatform(config).platform ?? 'arm';
}
