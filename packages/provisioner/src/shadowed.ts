// Variables of the user that the platform's own stand for: they never reach the container, so nothing is made for them.
import type { WorkloadSpec } from './workload.ts';

/** The spec without the secrets whose names are among its plain variables, which win. */
export function withoutShadowed(spec: WorkloadSpec): WorkloadSpec {
  const secrets = Object.fromEntries(Object.entries(spec.secrets).filter(([name]) => !Object.hasOwn(spec.env, name)));
  return { ...spec, secrets };
}
