// Which processor to build for: what the file states, else what the place where it runs has.
import { buildPlatform, type Config, type Platform } from '@runlayer/config-schema';

/** What decides. */
export interface PlatformFacts {
  readonly config: Pick<Config, 'mode' | 'build' | 'infrastructure'>;
  /** Whether the engine that builds is the one that runs the result. */
  readonly isLocal: boolean;
  /** The engine's own; `undefined` for a processor other than x86 and arm. */
  readonly engine: Platform | undefined;
}

/** What was decided. */
export interface ChosenPlatform {
  /** Passed to the build; left out, the engine builds for itself and keeps its cache. */
  readonly build?: Platform | undefined;
  /** What to tell, if there is something to tell. */
  readonly note?: string | undefined;
}

/** Decides for one build. */
export function choosePlatform({ config, isLocal, engine }: PlatformFacts): ChosenPlatform {
  const stated = config.infrastructure.platform ?? config.build?.platform;
  if (stated !== undefined && stated === engine) return {};
  if (stated !== undefined)
    return { build: stated, note: `Building for ${stated}, which this Docker engine emulates: it may take longer.` };
  if (isLocal)
    return { note: `Building for ${engine ?? 'its own processor'}: the file states no platform, so it is that of this Docker engine.` };
  const build = buildPlatform(config);
  return { build, note: `Building for ${build}: the file states no platform. Set build.platform to choose.` };
}
