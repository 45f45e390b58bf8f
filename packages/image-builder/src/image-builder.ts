// The surface of the image builder as an interface: its options, its verbs and what each may throw.
import type Docker from 'dockerode';
import type { BuildEvent, Platform, PushEvent } from './events.ts';

/** How to reach the engine. */
export interface ImageBuilderSettings {
  /** A configured dockerode client. Default: `DOCKER_HOST`, else the default socket. */
  readonly docker?: Docker | undefined;
  /** Folder of the user's Docker settings, read for the credentials of base images. Default: `DOCKER_CONFIG`, else `~/.docker`. */
  readonly dockerConfig?: string | undefined;
  /** Which of the engine's builders to use. Default: BuildKit where the engine has it. */
  readonly builder?: 'buildkit' | 'classic' | undefined;
}

/** Ends a call early. The call then throws `ERR_IMAGE_CANCELLED`. */
export interface Cancellation {
  readonly signal?: AbortSignal | undefined;
}

/** What to build. */
export interface BuildOptions {
  /** Folder that the Dockerfile may copy from; absolute, or relative to the working directory. */
  readonly context: string;
  /** Path of the Dockerfile, absolute or relative to `context`; it may lie outside it. Default: `Dockerfile`. */
  readonly dockerfile?: string | undefined;
  /** Processor to build for. Default: the engine's own. */
  readonly platform?: Platform | undefined;
  /** Values for the Dockerfile's `ARG` lines. They stay readable in the image's history: no secrets here. */
  readonly args?: Readonly<Record<string, string>> | undefined;
  /** Stage to build. Required when the Dockerfile has more than one. */
  readonly target?: string | undefined;
  /** Name the image gets, such as `runlayer-build:3f2a`. Default: none, only its id. */
  readonly tag?: string | undefined;
  /** Labels added to the image. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Ask the registry for a newer base image even if one is here. Default: false. */
  readonly pull?: boolean | undefined;
}

/** Credentials of one registry. They go to the engine with the one call they are given to, and are never stored. */
export interface RegistryAuth {
  readonly username: string;
  readonly password: string;
  /** The registry's address. Default: that of the reference. */
  readonly serveraddress?: string | undefined;
}

/** An image, named so that the name cannot come to mean another one. */
export interface ResolvedImage {
  /** `repository@sha256:…` when a registry can be asked for it, else the engine's own `sha256:…` id. */
  readonly image: string;
  /** The engine's id of the image, `sha256:…`. */
  readonly imageId: string;
  /** `undefined` for a processor other than x86 and arm. */
  readonly platform: Platform | undefined;
}

/** How to look for an image. */
export interface ResolveOptions extends Cancellation {
  /** Pull the image when the engine does not have it. Default: false. */
  readonly pull?: boolean | undefined;
  /** Credentials for that pull. Default: the user's own for that registry, if any. */
  readonly auth?: RegistryAuth | undefined;
  /** Platform to pull. Default: the engine's own. */
  readonly platform?: Platform | undefined;
}

/** What the engine says of itself. */
export interface EngineInfo {
  /** Platform it runs images of without emulation; `undefined` for a processor other than x86 and arm. */
  readonly platform: Platform | undefined;
  /** Such as `28.2.2`. */
  readonly version: string;
  /** Whether it can build with BuildKit. */
  readonly buildKit: boolean;
}

/** Builds, tags, pushes and resolves images on one engine. Every verb throws `ERR_IMAGE_ENGINE_UNREACHABLE` when no engine answers. */
export interface ImageBuilder {
  /**
   * Builds an image. Fails before anything is sent when the folder, the Dockerfile or the target is wrong.
   * Stopping the iteration early cancels the build.
   */
  build(options: BuildOptions, cancellation?: Cancellation): AsyncIterable<BuildEvent>;
  /** Gives an image another name. Repeating it is harmless. */
  tag(image: string, reference: string): Promise<void>;
  /** Sends a tagged image to its registry. Repeating it sends only what is missing there. Default credentials: the user's own for that registry, if any. */
  push(reference: string, auth?: RegistryAuth, cancellation?: Cancellation): AsyncIterable<PushEvent>;
  /** Finds what a reference means now. `undefined` when there is no such image, here or, with `pull`, in its registry. */
  resolve(reference: string, options?: ResolveOptions): Promise<ResolvedImage | undefined>;
  /** What the engine says of itself. */
  engineInfo(): Promise<EngineInfo>;
}
