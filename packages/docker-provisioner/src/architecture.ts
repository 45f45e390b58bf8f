// Whether an image can run here and is what the configuration says, found out before anything is made.
import type { Failure, Platform } from '@runlayer/provisioner';

/** What of the engine decides which images run on it. */
export interface EngineArchitecture {
  /** As the engine names it, such as `amd64`. */
  readonly own: string;
  /** Whether programs of another architecture run too, by emulation. `undefined` where it cannot be known. */
  emulates(architecture: string): boolean | undefined;
}

const platformOf: Readonly<Record<string, Platform>> = { amd64: 'x86', arm64: 'arm' };
const architectureOf: Readonly<Record<Platform, string>> = { x86: 'amd64', arm: 'arm64' };

/** Docker's platform text, such as `linux/arm64`. */
export function dockerPlatform(platform: Platform): string {
  return `linux/${architectureOf[platform]}`;
}

/** One name for an architecture that engines name in several ways. */
export function architectureName(text: string): string {
  return { x86_64: 'amd64', aarch64: 'arm64' }[text] ?? text;
}

/** The failure that an image of this architecture leads to, or nothing when it fits. */
export function architectureFailure(image: string, wanted: Platform | undefined, engine: EngineArchitecture): Failure | undefined {
  const evidence = { architecture: image };
  const called = platformOf[image] === undefined ? image : `${image} (${platformOf[image]})`;
  if (wanted !== undefined && image !== architectureOf[wanted]) {
    const other = platformOf[image];
    const change = other === undefined ? '' : `, or set the platform to ${other}`;
    return {
      code: 'wrong_architecture',
      message: `The image is built for ${called}, but the configuration says ${wanted} (${architectureOf[wanted]}).`,
      fix: `Build the image for ${dockerPlatform(wanted)}${change}.`,
      evidence,
    };
  }
  // An x86 machine runs 32-bit x86 programs by itself.
  const native = image === engine.own || (image === '386' && engine.own === 'amd64');
  if (native || engine.emulates(image) !== false) return undefined;
  return {
    code: 'wrong_architecture',
    message: `The image is built for ${called}, but this Docker engine runs ${engine.own} and has no emulation.`,
    fix: `Set build.platform to ${platformOf[engine.own] ?? engine.own}, or install emulation on the engine's host (package qemu-user-static with binfmt-support).`,
    evidence,
  };
}
