// The two words of runlayer.yaml for processors, and Docker's words for the same.
import type { Platform } from './events.ts';

const dockerNames: Readonly<Record<Platform, string>> = { x86: 'linux/amd64', arm: 'linux/arm64' };

/** `linux/amd64` or `linux/arm64`. */
export function dockerPlatform(platform: Platform): string {
  return dockerNames[platform];
}

/** The platform of an architecture as the engine writes it: `amd64`, `x86_64`, `arm64`, `aarch64`. */
export function platformOf(architecture: string | undefined): Platform | undefined {
  if (architecture === 'amd64' || architecture === 'x86_64') return 'x86';
  return architecture === 'arm64' || architecture === 'aarch64' ? 'arm' : undefined;
}
