// The place where in-memory deployments live: it outlasts the provisioners that work on it, as an engine would.
import { type Instance, stopInstance } from './instance.ts';

/** Instances of one deployment. */
export interface Holding {
  serving: Instance | undefined;
  /** Started, and not yet known to be healthy. */
  candidate: Instance | undefined;
}

/** Instances in memory. Share one between provisioners to play a restart of the platform. */
export interface MemoryTarget {
  /** For provisioners: what each deployment has. */
  readonly holdings: Map<string, Holding>;
  /** Names of what exists for a deployment. */
  list(deploymentId: string): string[];
  /** Stops the serving instance of a deployment without telling anyone, as a crash would. */
  crash(deploymentId: string): Promise<void>;
  /** Stops everything. */
  close(): Promise<void>;
}

/** Makes an empty target. */
export function createMemoryTarget(): MemoryTarget {
  const holdings = new Map<string, Holding>();
  const instancesOf = (holding: Holding | undefined): Instance[] =>
    [holding?.serving, holding?.candidate].filter((instance) => instance !== undefined);
  return {
    holdings,
    list: (deploymentId) => instancesOf(holdings.get(deploymentId)).map((instance) => instance.name),
    async crash(deploymentId) {
      const serving = holdings.get(deploymentId)?.serving;
      if (serving !== undefined) await stopInstance(serving);
    },
    async close() {
      await Promise.all([...holdings.values()].flatMap(instancesOf).map(stopInstance));
      holdings.clear();
    },
  };
}
