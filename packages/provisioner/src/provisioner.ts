// The port that every target implements: the smallest set of verbs that a deployment needs.
import type { Failure } from './failure.ts';
import type { WorkloadSpec } from './workload.ts';

/** Optional parts of a spec that a target may not have. */
export interface Features {
  /** Without it, a spec that asks for a database fails with `unsupported`. */
  readonly database: boolean;
  /** Without it, a spec that names roles fails with `unsupported`. */
  readonly assumeRoles: boolean;
  /** Without it, one copy runs whatever the spec says. */
  readonly scaling: boolean;
}

/** One difference between what runs and what is wanted. */
export interface Change {
  /** Name of the field, such as `image` or `secrets.API_KEY`. */
  readonly field: string;
  /** Present value; left out when there is none. Values of secrets are `***`. */
  readonly before?: string | undefined;
  /** Wanted value; left out when it goes away. Values of secrets are `***`. */
  readonly after?: string | undefined;
}

/** What `apply` would do, found out by reading only. */
export interface Plan {
  readonly deploymentId: string;
  /** `none`: what runs is what is wanted, and healthy or becoming so. */
  readonly action: 'create' | 'replace' | 'none';
  readonly changes: readonly Change[];
  /** Set when `apply` is bound to fail (image missing, wrong architecture, unsupported part). */
  readonly blocker?: Failure | undefined;
}

/** A place where an instance of the workload answers. Private: never a public address. */
export interface Endpoint {
  /** Name of the instance: container id or task id. */
  readonly instance: string;
  /** Address reachable from the platform, an IP literal. */
  readonly host: string;
  readonly port: number;
}

/** What a target made for a deployment that callers want to know, such as `taskRoleArn`. */
export type Outputs = Readonly<Record<string, string>>;

/** Progress of `apply`. The last event is `serving` or `failed`, and nothing follows it. An aborted one ends in `failed` with `cancelled`. */
export type ApplyEvent =
  | {
      readonly type: 'step';
      /** Stable name of the step, such as `create`. */
      readonly step: string;
      readonly message: string;
      /**
       * Set once the new instance is healthy: send calls here from now on. The former instance is stopped
       * after the reader has asked for the next event (or 2 minutes later), so no call is lost between the two.
       * Until then it serves the sessions it has, and `status` names it as draining.
       * Comes twice where others stand in between the two.
       */
      readonly endpoints?: readonly Endpoint[] | undefined;
    }
  | {
      readonly type: 'log';
      /** What the starting container wrote, free of the values of `WorkloadSpec.secrets`; at most 500 characters. */
      readonly line: string;
    }
  | { readonly type: 'serving'; readonly endpoints: readonly Endpoint[]; readonly outputs: Outputs; readonly message: string }
  | {
      readonly type: 'failed';
      readonly failure: Failure;
      /** Release that goes on serving, where the former one was kept. */
      readonly stillServing?: string | undefined;
    };

/** Progress of `destroy`. The last event is `destroyed`. */
export type DestroyEvent =
  | { readonly type: 'step'; readonly step: string; readonly message: string }
  | {
      readonly type: 'destroyed';
      /** What a listing made afterwards still found, by name; empty when nothing is left. */
      readonly remaining: readonly string[];
    };

/** What was last seen of a deployment. */
export interface WorkloadStatus {
  /** `absent`: nothing of it exists. `unknown`: the target could not be asked. */
  readonly state: 'absent' | 'starting' | 'serving' | 'failing' | 'unknown';
  /** Release that serves. */
  readonly releaseId?: string | undefined;
  readonly endpoints: readonly Endpoint[];
  /** Former instances that still run, for calls that only they can answer. Default: none. */
  readonly draining?: readonly Endpoint[] | undefined;
  readonly outputs: Outputs;
  /** Why it is `failing` or `unknown`; while `starting` what it lacks so far, where that can be told. */
  readonly failure?: Failure | undefined;
  /** When this was observed, ISO 8601 UTC. */
  readonly observedAt: string;
}

export interface LogLine {
  /** ISO 8601 UTC with fractions, as the target recorded it. */
  readonly time: string;
  readonly stream: 'stdout' | 'stderr';
  /** One line without its end, at most 8,192 characters. As the container wrote it: may hold secrets. */
  readonly line: string;
}

export interface LogOptions {
  /** Go on with new lines until the signal. Default false. */
  readonly follow?: boolean | undefined;
  /** Only lines at or after this time, ISO 8601. Default: from the beginning. */
  readonly since?: string | undefined;
  /** Only the last so many lines of what is there. Default 1000. */
  readonly tail?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a {@link Provisioner.watch} tells. It says where to look, not what is there: ask `status`. */
export type WatchEvent =
  /** An instance of this deployment came, went, moved to another address or changed its health. */
  | { readonly type: 'moved'; readonly deploymentId: string }
  /** Anything may have changed unseen: comes first, once watching has begun, and after each time the target could not be heard. */
  | { readonly type: 'unknown' };

export interface Cancellation {
  /**
   * Stops waiting and polling at once; what was begun is left for the next `apply` or `destroy` to converge.
   * `apply` then ends with the failure `cancelled`, `logs` and `watch` end, the other verbs reject with the signal's reason.
   */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs deployments on one target. Every verb finds its resources by names and labels derived from the deployment id:
 * the target is the state, a database only a cache of it. Verbs throw only when the target cannot be reached, or as
 * {@link Cancellation} says. Verbs on one deployment take turns within a process; `destroy` aborts an `apply` that runs.
 */
export interface Provisioner {
  /** Short name of the target, such as `docker` or `aws`. */
  readonly target: string;
  readonly features: Features;
  /** Compares; changes nothing. */
  plan(spec: WorkloadSpec, options?: Cancellation): Promise<Plan>;
  /**
   * Makes the wanted state true, keeps what serves until its successor is healthy, and falls back to it on failure.
   * Safe to repeat, also after having been killed anywhere: it goes on from what it finds.
   */
  apply(spec: WorkloadSpec, options?: Cancellation): AsyncIterable<ApplyEvent>;
  /** Observes now; changes nothing. */
  status(deploymentId: string, options?: Cancellation): Promise<WorkloadStatus>;
  /** Lines of the serving instance, or of the last one that ran. */
  logs(deploymentId: string, options?: LogOptions): AsyncIterable<LogLine>;
  /**
   * Says which deployments' instances came, went or moved, as soon as the target tells: until somebody has looked again,
   * an address may already be another deployment's. It may repeat itself, and tells once what changes often while nobody reads.
   * A target that cannot be reached is tried again, without end and without throwing; it ends with the signal.
   */
  watch(options?: Cancellation): AsyncIterable<WatchEvent>;
  /** Removes everything that carries the deployment's id, then lists to prove it. Safe to repeat; unknown ids are done at once. */
  destroy(deploymentId: string, options?: Cancellation): AsyncIterable<DestroyEvent>;
}
