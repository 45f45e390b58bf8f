// What the types of the port promise, and what they refuse.
import type { ApplyEvent, Failure, Provisioner, WorkloadSpec } from './index.ts';
import type { createMemoryProvisioner } from './memory/index.ts';
import { provisionerConformance } from './testing/index.ts';

// Each is assigned to the other, so neither can be wider.
const made: Provisioner = {} as ReturnType<typeof createMemoryProvisioner>;
export const back: ReturnType<typeof createMemoryProvisioner> = made;
export const cause: Failure = {} as Extract<ApplyEvent, { type: 'failed' }>['failure'];

declare const provisioner: Provisioner;
declare const spec: WorkloadSpec;

// @ts-expect-error an event is read, not awaited
void provisioner.apply(spec).then;
// @ts-expect-error the states are a closed list
((state: Awaited<ReturnType<Provisioner['status']>>['state']) => state)('running');
// @ts-expect-error a spec is not changed by anyone
spec.port = 1;
// @ts-expect-error a spec needs its secrets, even when there are none
((wanted: WorkloadSpec) => wanted)({
  deploymentId: '',
  releaseId: '',
  name: '',
  image: '',
  cpu: 1,
  memoryMiB: 1,
  port: 1,
  env: {},
  database: false,
  assumeRoles: {},
});
// @ts-expect-error the suite needs a way to count what exists
provisionerConformance({ createProvisioner: () => provisioner, specs: { serving: () => spec, failing: {} }, crash: async () => {} });
// @ts-expect-error only causes of the list have a spec that fails
((failing: Parameters<typeof provisionerConformance>[0]['specs']['failing']) => failing)({ broken: () => spec });
