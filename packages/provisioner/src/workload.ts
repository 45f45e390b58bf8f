// What a provisioner runs: one container image with its sizes, port and variables, as plain data.

/** CPU architecture: `x86` is linux/amd64, `arm` is linux/arm64. */
export type Platform = 'x86' | 'arm';

/** How many copies run. Provisioners whose `features.scaling` is false run one. */
export interface Scaling {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** Mean CPU use to aim for, percent. */
  readonly targetCpuPercent?: number | undefined;
  /** Mean network traffic of one replica to aim for, MiB a second. */
  readonly targetNetworkMibPerSecond?: number | undefined;
}

/** The wanted state of one deployment. Equal specs need no work: `plan` on an unchanged one is empty. */
export interface WorkloadSpec {
  /** UUID of the deployment; every name and label is derived from it. */
  readonly deploymentId: string;
  /** UUID of the release that asks for this state; kept as a label, and not part of what makes two specs differ. After a plan of `none` the older release goes on serving. */
  readonly releaseId: string;
  /** Name for people; never used to find anything. */
  readonly name: string;
  /** Pinned image: `repository@sha256:…`, or an engine's image id `sha256:…`. */
  readonly image: string;
  /** Wanted architecture; left out, the image decides. */
  readonly platform?: Platform | undefined;
  /** CPU units, 1024 to a vCPU. */
  readonly cpu: number;
  /** Memory limit, MiB. */
  readonly memoryMiB: number;
  /** TCP port the service listens on in the container. */
  readonly port: number;
  /** Path of its MCP endpoint, such as `/mcp`; left out, any HTTP answer on the port counts as healthy. */
  readonly path?: string | undefined;
  /** Plain variables of the platform. May be shown in a plan. They win over a secret of the same name. */
  readonly env: Readonly<Record<string, string>>;
  /** The user's variables. Never shown: not in a plan, an event, an error or a log of ours. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Whether a DynamoDB-compatible table of its own is wanted. */
  readonly database: boolean;
  /** Customer roles it may assume: variable suffix to role ARN. */
  readonly assumeRoles: Readonly<Record<string, string>>;
  readonly scaling?: Scaling | undefined;
}
