// The public surface of @runlayer/image-builder.
export { createImageBuilder } from './create-image-builder.ts';
export { imageErrors } from './error-codes.ts';
export type {
  BuildEvent,
  BuiltEvent,
  ContextEvent,
  OutputEvent,
  Platform,
  PushedEvent,
  PushEvent,
  StepEvent,
  TransferEvent,
  WarningEvent,
} from './events.ts';
export type {
  BuildOptions,
  Cancellation,
  EngineInfo,
  ImageBuilder,
  ImageBuilderSettings,
  RegistryAuth,
  ResolvedImage,
  ResolveOptions,
} from './image-builder.ts';
