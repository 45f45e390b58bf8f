// Names of what the deployments of one installation share, derived from the name of its environment alone.

/** What the platform's own resources are called. */
export interface PlatformNames {
  /** Path of every role and policy of the installation, `/runlayer/<environment>/`. */
  readonly path: string;
  readonly cluster: string;
  /** Security group of the proxy: the only one that may call a task. */
  readonly proxySecurityGroup: string;
  /** Policy that bounds every role that is made for a deployment. */
  readonly boundary: string;
  /** Repository of ECR that clients push the images of all deployments to. */
  readonly repository: string;
  /** Role whose credentials clients push with: it may do nothing else. */
  readonly pushRole: string;
}

/** Derives the names. */
export function platformNamesOf(environment: string): PlatformNames {
  const name = `runlayer-${environment}`;
  return {
    path: `/runlayer/${environment}/`,
    cluster: name,
    proxySecurityGroup: `${name}-proxy`,
    boundary: `${name}-boundary`,
    repository: `runlayer/${environment}`,
    pushRole: `${name}-push`,
  };
}
