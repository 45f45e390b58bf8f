// What a build, a push and a pull report while they run: plain data, ready to print or to send on.

/** Processor family as `runlayer.yaml` writes it: `x86` is linux/amd64, `arm` is linux/arm64. */
export type Platform = 'x86' | 'arm';

/** The folder went to the engine. `bytes` is what was sent, after `.dockerignore`. */
export interface ContextEvent {
  readonly type: 'context';
  readonly bytes: number;
  readonly files: number;
}

/** Something a person may want to change; the work goes on. */
export interface WarningEvent {
  readonly type: 'warning';
  readonly message: string;
}

/** A step of the Dockerfile changed its state. Every started step ends as `done`, `cached`, `failed` or `cancelled`. */
export interface StepEvent {
  readonly type: 'step';
  /** Stable within one build. */
  readonly id: string;
  /** As the engine names it, such as `[2/4] RUN npm ci`. */
  readonly name: string;
  readonly state: 'started' | 'done' | 'cached' | 'failed' | 'cancelled';
  /** The engine's own preparation, not a line of the Dockerfile: of interest when it takes long or fails. */
  readonly internal: boolean;
  /** Time the step took, in seconds. Only on `done` and `failed`. */
  readonly seconds?: number | undefined;
}

/** One line that a step printed, without its line end. At most 4000 characters; the rest is cut. */
export interface OutputEvent {
  readonly type: 'output';
  /** The step's `id`; empty when the engine does not tell. */
  readonly step: string;
  readonly stream: 'stdout' | 'stderr';
  readonly line: string;
}

/** Bytes moved: a layer pulled or pushed, or the context loaded. */
export interface TransferEvent {
  readonly type: 'transfer';
  /** A layer or step, as the engine names it. */
  readonly id: string;
  /** What happens to it, in the engine's words, such as `Pushing`, `Layer already exists` or `extracting`. */
  readonly action: string;
  readonly bytes: number;
  /** Unknown while the engine does not tell. */
  readonly total?: number | undefined;
}

/** The last event of a build that succeeded. */
export interface BuiltEvent {
  readonly type: 'built';
  /** `sha256:…`: names exactly this image on this engine. */
  readonly imageId: string;
  /** What the image says it was built for; `undefined` for a processor other than x86 and arm. */
  readonly platform: Platform | undefined;
  /** Size of the image in bytes. */
  readonly bytes: number;
}

/** The last event of a push that succeeded. */
export interface PushedEvent {
  readonly type: 'pushed';
  /** `sha256:…` of the manifest in the registry. */
  readonly digest: string;
  /** `repository@sha256:…`: names exactly this image for whoever pulls it. */
  readonly image: string;
}

/** What {@link ImageBuilder.build} yields; the last one is {@link BuiltEvent}. */
export type BuildEvent = ContextEvent | WarningEvent | StepEvent | OutputEvent | TransferEvent | BuiltEvent;

/** What {@link ImageBuilder.push} yields; the last one is {@link PushedEvent}. */
export type PushEvent = TransferEvent | PushedEvent;
