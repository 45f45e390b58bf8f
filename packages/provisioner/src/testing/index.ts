// The conformance suite for those who write a provisioner.
export { provisionerConformance } from './conformance.ts';
export type { ConformanceCase, ConformanceHarness } from './harness.ts';
