// The place where in-memory deployments live: it outlasts the provisioners that work on it, as an engine would.
import { type Instance, stopInstance } from './instance.ts';

/** Instances of one deployment. */
export interface Holding {
  serving: Instance | undefined;
  /** Started, and not yet known to be healthy. */
  candidate: Instance | undefined;
  /** Runs until its successor has taken over. */
  former?: Instance | undefined;
}

/** Instances in memory. Share one between provisioners to play a restart of the platform. */
export interface MemoryTarget {
  /** For provisioners: what each deployment has. */
  readonly holdings: Map<string, Holding>;
  /** Names of what exists for a deployment. */
  list(deploymentId: string): string[];
  /** Called with a deployment's id after its instances changed. */
  readonly listeners: Set<(deploymentId: string) => void>;
  /** Calls the listeners. */
  changed(deploymentId: string): void;
  /** Stops the serving instance of a deployment behind the back of the provisioners, as a crash would. */
  crash(deploymentId: string): Promise<void>;
  /** Stops everything. */
  close(): Promise<void>;
}

/** Makes an empty target. */
export function createMemoryTarget(): MemoryTarget {
  const holdings = new Map<string, Holding>();
  const listeners: MemoryTarget['listeners'] = new Set();
  const changed = (deploymentId: string): void => {
    for (const listener of listeners) listener(deploymentId);
  };
  const instancesOf = (holding: Holding | undefined): Instance[] =>
    [holding?.serving, holding?.candidate].filter((instance) => instance !== undefined);
  return {
    holdings,
    listeners,
    changed,
    list: (deploymentId) => instancesOf(holdings.get(deploymentId)).map((instance) => instance.name),
    async crash(deploymentId) {
      const serving = holdings.get(deploymentId)?.serving;
      if (serving === undefined) return;
      await stopInstance(serving);
      changed(deploymentId);
    },
    async close() {
      await Promise.all([...holdings.values()].flatMap(instancesOf).map(stopInstance));
      holdings.clear();
    },
  };
}
