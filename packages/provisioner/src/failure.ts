// Why a workload does not serve: a closed list of causes, each with evidence and a fix.

/** Stable names of causes; compare these, show the message. */
export type FailureCode =
  | 'image_missing'
  | 'registry_auth'
  | 'wrong_architecture'
  | 'exited_at_start'
  | 'out_of_memory'
  | 'wrong_port'
  | 'bound_to_loopback'
  | 'not_listening'
  | 'unhealthy'
  | 'mcp_path_missing'
  | 'no_capacity'
  | 'role_not_assumable'
  | 'unsupported'
  | 'cancelled'
  | 'engine_error';

/** What was observed. Free of the values of `WorkloadSpec.secrets`. */
export interface Evidence {
  /** Exit code of the container, 128 + signal when it was killed by one. */
  readonly exitCode?: number | undefined;
  /** Last lines the container wrote, oldest first; at most 20 of at most 500 characters. */
  readonly lastLines?: readonly string[] | undefined;
  /** TCP ports it does listen on, loopback ones as `127.0.0.1:8000`. */
  readonly listening?: readonly string[] | undefined;
  /** Architecture of the image, as the engine names it (`amd64`, `arm64`). */
  readonly architecture?: string | undefined;
  /** Status of the last HTTP answer of a health check. */
  readonly httpStatus?: number | undefined;
}

export interface Failure {
  readonly code: FailureCode;
  /** What happened, one sentence: `The container listens on 8080, not on 8000.` */
  readonly message: string;
  /** What to do next: `Set service.port to 8080, or make the server listen on 8000.` */
  readonly fix: string;
  readonly evidence: Evidence;
}
