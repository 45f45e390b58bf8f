// What a bootstrap would do, or has done: plain data for people and programs.

/** What all deployments of an installation share. */
export type BootstrapResource =
  | 'service-linked-role'
  | 'cluster'
  | 'proxy-security-group'
  | 'permissions-boundary'
  | 'image-repository'
  | 'push-role';

/** `none`: it is there and as it should be. */
export type BootstrapAction = 'create' | 'change' | 'none';

/** One resource, and what happens to it. */
export interface BootstrapStep {
  readonly resource: BootstrapResource;
  readonly name: string;
  readonly action: BootstrapAction;
  /** For `create` what it will be like, for `change` what differs, for `none` nothing. */
  readonly details: readonly string[];
}

/** What the server's settings need to name. */
export interface BootstrapOutputs {
  readonly cluster: string;
  /** Id of the security group; unknown until it is made. */
  readonly proxySecurityGroup?: string | undefined;
  /** ARN of the policy. */
  readonly permissionsBoundary: string;
  /** ARN of the role. */
  readonly pushRole: string;
  /** Name of the repository in ECR, without the registry's host. */
  readonly repository: string;
}

/** Everything that is shared, in the order in which it is made. */
export interface BootstrapPlan {
  /** Twelve digits, as the credentials have it. */
  readonly account: string;
  readonly region: string;
  readonly environment: string;
  readonly vpc: string;
  readonly subnets: readonly string[];
  readonly steps: readonly BootstrapStep[];
  readonly outputs: BootstrapOutputs;
}
