// The shape of what the observer tells.

type Tags = Readonly<Record<string, string>>;

/** An IAM role with all that is in it. */
export interface SeenRole {
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  readonly path: string;
  readonly trust: object;
  readonly boundary: string | null;
  readonly inline: Readonly<Record<string, { readonly Statement: readonly SeenStatement[] }>>;
  readonly attached: readonly object[];
  readonly tags: Tags;
}

/** A statement of a policy. */
export interface SeenStatement {
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

export interface SeenSecurityGroup {
  readonly id: string;
  readonly name: string;
  readonly vpc: string;
  readonly ingress: readonly object[];
  readonly egress: readonly object[];
  readonly tags: Tags;
}

export interface SeenSecret {
  readonly name: string;
  readonly arn: string;
  readonly description: string | null;
  readonly tags: Tags;
  /** When it goes, should it be scheduled for deletion. */
  readonly deleted: string | null;
  readonly versions: number;
  /** The whole text it holds. */
  readonly value: string | null;
}

export interface SeenTable {
  readonly id: string;
  readonly name: string;
  readonly keys: Readonly<Record<string, string>>;
  readonly types: Readonly<Record<string, string>>;
  readonly billing: string;
  readonly protected: boolean;
  readonly encryption: string;
  readonly ttl: object;
  readonly recovery: string;
  readonly items: number;
  readonly tags: Tags;
}

/** A revision, as it was registered. */
export interface SeenTaskDefinition {
  readonly arn: string;
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly definition: Readonly<Record<string, unknown>> & { readonly containerDefinitions: readonly Readonly<Record<string, unknown>>[] };
  readonly tags: Tags;
}

/** A service, in the words of ECS. */
export interface SeenService {
  readonly serviceName: string;
  readonly serviceArn: string;
  readonly clusterArn: string;
  readonly taskDefinition: string;
  readonly desiredCount: number;
  readonly runningCount: number;
  readonly deployments: readonly {
    readonly id: string;
    readonly status: string;
    readonly rolloutState: string;
    readonly taskDefinition: string;
  }[];
  readonly tags: Tags;
}

export interface SeenTask {
  readonly arn: string;
  readonly definition: string;
  readonly status: string;
  readonly group: string;
  readonly startedBy: string;
  /** Private address, once it has one. */
  readonly address: string | null;
  readonly reasons: readonly (string | null)[];
  readonly exitCodes: readonly (number | null)[];
  readonly tags: Tags;
}

/** What mentions a text, by kind. */
export interface Snapshot {
  readonly roles: readonly SeenRole[];
  readonly policies: readonly { readonly name: string; readonly arn: string }[];
  readonly securityGroups: readonly SeenSecurityGroup[];
  readonly logGroups: readonly { readonly name: string; readonly retention: number | null; readonly tags: Tags }[];
  readonly secrets: readonly SeenSecret[];
  readonly tables: readonly SeenTable[];
  readonly taskDefinitions: readonly SeenTaskDefinition[];
  readonly services: readonly SeenService[];
  /** Also those that have ended, as long as AWS remembers them. */
  readonly tasks: readonly SeenTask[];
  readonly repositories: readonly { readonly name: string; readonly mutability: string; readonly tags: Tags }[];
  readonly images: readonly { readonly repository: string; readonly digest: string; readonly tags: readonly string[] }[];
  readonly scaling: readonly {
    readonly resource: string;
    readonly min: number;
    readonly max: number;
    readonly policies: Readonly<Record<string, number>>;
  }[];
}

/** Tasks that have not ended. */
export function alive({ tasks }: Snapshot): SeenTask[] {
  return tasks.filter(({ status }) => !/^(STOPPED|DELETED|DEPROVISIONING|STOPPING)$/.test(status));
}

/** Revisions that can be run. */
export function active({ taskDefinitions }: Snapshot): SeenTaskDefinition[] {
  return taskDefinitions.filter(({ status }) => status === 'ACTIVE');
}

/** What there is, as counts by kind; kinds of which there is nothing are left out, and so is what has ended. */
export function countsOf(seen: Snapshot): Record<string, number> {
  const lists = { ...seen, tasks: alive(seen), taskDefinitions: active(seen) };
  return Object.fromEntries(Object.entries(lists).flatMap(([kind, list]) => (list.length === 0 ? [] : [[kind, list.length]])));
}
