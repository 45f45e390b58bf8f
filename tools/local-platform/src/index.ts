// The surface of @runlayer/local-platform, for the demo, the tests and the benchmarks.
export { freePort } from './free-port.ts';
export { iamEmulatorMissing, startIamEmulator } from './iam-emulator.ts';
export type { IamEmulator } from './iam-emulator.ts';
export { startPlatform } from './platform.ts';
export type { Platform, PlatformOptions } from './platform.ts';
export { pythonEnvironment } from './python.ts';
export type { PythonEnvironment } from './python.ts';
export { inRepository } from './repository.ts';
export { buildExample, run, runlayer } from './run.ts';
export type { Finished, RunOptions } from './run.ts';
export { waitFor } from './wait.ts';
