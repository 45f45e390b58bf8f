// Names of everything that is made for a deployment, derived from its id alone.

/** What the resources of one deployment are called. */
export interface Names {
  /** Path of both roles, `/runlayer/<environment>/`: a policy can name all roles of one installation by it. */
  readonly rolePath: string;
  /** At most 64 characters, as IAM demands. */
  readonly taskRole: string;
  readonly executionRole: string;
  readonly securityGroup: string;
  readonly logGroup: string;
  /** First part of the name of every secret; the id of a release follows. */
  readonly secretPrefix: string;
  readonly table: string;
  /** Family of the task definitions. */
  readonly family: string;
  readonly service: string;
  /** Name of the container in the task. */
  readonly container: string;
}

/** Derives the names. An environment has at most 12 characters and the id is a UUID, so every limit of AWS holds. */
export function namesOf(environment: string, deploymentId: string): Names {
  const name = `runlayer-${environment}-${deploymentId}`;
  return {
    rolePath: `/runlayer/${environment}/`,
    taskRole: `${name}-task`,
    executionRole: `${name}-exec`,
    securityGroup: name,
    logGroup: `/runlayer/${environment}/${deploymentId}`,
    secretPrefix: `runlayer/${environment}/${deploymentId}/`,
    table: name,
    family: name,
    service: name,
    container: 'service',
  };
}

/** The deployment that a family or service belongs to, or nothing when the name is not one of ours. */
export function deploymentOf(environment: string, name: string): string | undefined {
  const prefix = `runlayer-${environment}-`;
  const id = name.startsWith(prefix) ? name.slice(prefix.length) : '';
  return /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(id) ? id : undefined;
}
