// What a target gives the conformance suite: a provisioner, workloads of known behaviour, and a way to count what exists.
import type { FailureCode } from '../failure.ts';
import type { Provisioner } from '../provisioner.ts';
import type { WorkloadSpec } from '../workload.ts';

/**
 * One target under test.
 *
 * The image of `specs.serving` must, on its port: print `started` to its log once it listens; answer `GET /env` with its environment
 * as a JSON object; answer `GET /log/<text>` by printing the text as one line; answer anything else with 200.
 */
export interface ConformanceHarness {
  /** A new provisioner on the same target, as after a restart of the platform. */
  createProvisioner(): Provisioner | Promise<Provisioner>;
  readonly specs: {
    /** A spec that serves. Each call gives a new deployment id and release id. */
    serving(): WorkloadSpec;
    /** Specs whose start fails with the code that names them. A code left out must be in `skip` or never come up at this target. */
    readonly failing: Partial<Record<FailureCode, () => WorkloadSpec>>;
  };
  /** Names of everything that exists for a deployment, asked of the target itself. */
  listResources(deploymentId: string): Promise<readonly string[]>;
  /** Ends the serving instance without the provisioner's knowledge, so that it stays down. */
  crash(deploymentId: string): Promise<void>;
  /** Cases that this target cannot run, by name, each with the reason. */
  readonly skip?: Readonly<Record<string, string>> | undefined;
  /** How many aborted applies the interruption case makes. Default 8. */
  readonly interruptions?: number | undefined;
}

/** One behaviour every provisioner has. `run` rejects with an assertion error when it does not. */
export interface ConformanceCase {
  readonly name: string;
  /** Why this target does not run it; `run` then does nothing. */
  readonly skip?: string | undefined;
  run(): Promise<void>;
}

/** A case before it is bound to a harness. */
export type CaseBody = (harness: ConformanceHarness) => Promise<void>;
