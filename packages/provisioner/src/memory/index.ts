// A provisioner without a target: for tests and demonstrations.
export { createMemoryProvisioner } from './memory-provisioner.ts';
export type { MemoryOptions } from './memory-provisioner.ts';
export { createMemoryTarget } from './target.ts';
export type { Holding, MemoryTarget } from './target.ts';
export type { Instance } from './instance.ts';
export { behaveByImageName } from './behaviour.ts';
export type { MemoryBehaviour, MemoryContext } from './behaviour.ts';
