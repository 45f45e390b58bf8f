// What this process last saw of each deployment at the target, in memory: fresher than the database, and gone with the process.
import type { Failure } from '@runlayer/provisioner';
import type { Signals } from '../signals.ts';

/** What a look at the target found. */
export interface Observation {
  readonly state: 'serving' | 'starting' | 'failed';
  /** Why it does not serve, free of secrets; `null` when it does, or when the target did not say. */
  readonly failure: Failure | null;
}

/** Keeps observations until something changes. */
export interface Observations {
  note(deploymentId: string, observation: Observation): void;
  of(deploymentId: string): Observation | undefined;
}

const mostRemembered = 10_000;

/** Forgets an observation when a change of its routes is announced. */
export function createObservations(signals: Signals): Observations {
  const known = new Map<string, Observation>();
  signals.hear('routes', ({ deploymentIds, everything }) => {
    if (everything === true) known.clear();
    else for (const id of deploymentIds) known.delete(id);
  });
  return {
    note(deploymentId, observation) {
      if (known.size >= mostRemembered) known.clear();
      known.set(deploymentId, observation);
    },
    of: (deploymentId) => known.get(deploymentId),
  };
}
