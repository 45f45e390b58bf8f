// A deployment as its target still knows it, when the database that knew it is lost: plain data.
import type { Failure, Outputs, WorkloadSpec, WorkloadStatus } from '@runlayer/provisioner';

/** What a target tells of a deployment. */
export interface FoundWorkload {
  /** UUID. */
  readonly deploymentId: string;
  /** What it was deployed from, with the values of its `secrets`; left out where it was never deployed so far. */
  readonly spec?: WorkloadSpec | undefined;
  /** What a look at it shows now. */
  readonly state: WorkloadStatus['state'];
  readonly failure?: Failure | undefined;
  readonly outputs: Outputs;
  /** When it was first deployed. Default: now. */
  readonly createdAt?: Date | undefined;
}

/** `known`: a record of this id was there, whatever it says, and was left alone. */
export type RestoreResult = 'restored' | 'known';
