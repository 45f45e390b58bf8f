// The moves that the cases are made of: collect events, call an instance, clean up.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { ApplyEvent, DestroyEvent, Endpoint, Provisioner } from '../provisioner.ts';
import type { WorkloadSpec } from '../workload.ts';
import type { CaseBody, ConformanceHarness } from './harness.ts';

/** All a provisioner reports of one apply. */
export async function apply(provisioner: Provisioner, spec: WorkloadSpec, signal?: AbortSignal): Promise<ApplyEvent[]> {
  const events: ApplyEvent[] = [];
  for await (const event of provisioner.apply(spec, { signal })) events.push(event);
  const ends = events.filter((event) => event.type === 'serving' || event.type === 'failed');
  assert.equal(ends.length, 1, 'an apply ends exactly once');
  assert.equal(events.at(-1), ends[0], 'nothing follows the end of an apply');
  return events;
}

/** Applies and demands that it serves; gives the one endpoint. */
export async function serve(provisioner: Provisioner, spec: WorkloadSpec): Promise<Endpoint> {
  const last = (await apply(provisioner, spec)).at(-1);
  assert.equal(last?.type, 'serving', `serves: ${JSON.stringify(last)}`);
  assert.equal(last.endpoints.length, 1, 'one instance serves');
  return last.endpoints[0]!;
}

/** Destroys and gives what the target says is left. */
export async function destroy(provisioner: Provisioner, deploymentId: string): Promise<readonly string[]> {
  let last: DestroyEvent | undefined;
  for await (const event of provisioner.destroy(deploymentId)) last = event;
  assert.equal(last?.type, 'destroyed', 'a destroy ends with destroyed');
  return last.remaining;
}

/** Answer of an instance to a GET, as text. */
export async function ask({ host, port }: Endpoint, path: string): Promise<string> {
  const name = host.includes(':') ? `[${host}]` : host;
  const response = await fetch(`http://${name}:${port}${path}`, { signal: AbortSignal.timeout(5000), headers: { connection: 'close' } });
  assert.equal(response.status, 200, `GET ${path} answers 200`);
  return response.text();
}

/** The environment an instance sees. */
export async function environmentOf(endpoint: Endpoint): Promise<Record<string, string>> {
  return JSON.parse(await ask(endpoint, '/env')) as Record<string, string>;
}

/** The same deployment with another release and other parts. */
export function next(spec: WorkloadSpec, changes: Partial<WorkloadSpec> = {}): WorkloadSpec {
  return { ...spec, releaseId: randomUUID(), ...changes };
}

/** A case over one serving spec, whose deployment is destroyed at the end, come what may. */
export function withDeployment(
  body: (harness: ConformanceHarness, provisioner: Provisioner, spec: WorkloadSpec) => Promise<void>,
): CaseBody {
  return async (harness) => {
    const provisioner = await harness.createProvisioner();
    const spec = harness.specs.serving();
    try {
      await body(harness, provisioner, spec);
    } finally {
      await destroy(provisioner, spec.deploymentId);
    }
  };
}

/** Waits until a condition holds; rejects after so many milliseconds. */
export async function until(condition: () => Promise<boolean> | boolean, what: string, milliseconds = 30_000): Promise<void> {
  const deadline = Date.now() + milliseconds;
  while (!(await condition())) {
    assert.ok(Date.now() < deadline, `${what} within ${milliseconds} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
