// The public surface of @runlayer/provisioner.
export type { Platform, Scaling, WorkloadSpec } from './workload.ts';
export { diffSpecs, secretMask, specHash, variablesOf } from './spec-diff.ts';
export type { Evidence, Failure, FailureCode } from './failure.ts';
export type {
  ApplyEvent,
  Cancellation,
  Change,
  DestroyEvent,
  Endpoint,
  Features,
  LogLine,
  LogOptions,
  Outputs,
  Plan,
  Provisioner,
  WatchEvent,
  WorkloadStatus,
} from './provisioner.ts';
