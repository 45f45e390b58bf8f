// What the engine is: its platform, its version, and whether it has BuildKit.
import type Docker from 'dockerode';
import { engineFailure } from './engine-failure.ts';
import type { EngineInfo } from './image-builder.ts';
import { platformOf } from './platform.ts';

/** Asks the engine what it is. */
export async function engineInfo(docker: Docker): Promise<EngineInfo> {
  try {
    const { Arch, Os, Version, ApiVersion } = await docker.version();
    return { platform: platformOf(Arch), version: Version, buildKit: Os !== 'windows' && isAtLeast(ApiVersion, 1, 39) };
  } catch (error) {
    throw engineFailure(error, 'asking the Docker engine for its version');
  }
}

/** BuildKit came with API 1.39. @see https://docs.docker.com/reference/api/engine/version-history/ */
function isAtLeast(version: string, major: number, minor: number): boolean {
  const [first = 0, second = 0] = version.split('.').map(Number);
  return first > major || (first === major && second >= minor);
}
