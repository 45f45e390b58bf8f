// The variables the platform gives every container, and the `$$NAME` references to them inside `env` values.

/** A variable the platform sets in the container. */
export interface AutomaticVariable {
  /** Its name; a trailing `*` stands for any name that begins so. */
  readonly name: string;
  readonly about: string;
  /** When it is set. */
  readonly when: 'always' | 'on AWS' | 'with infrastructure.enable_db';
}

/** Every variable of the platform. `env` cannot set any of them. */
export const automaticVariables: readonly AutomaticVariable[] = [
  { name: 'DEPLOYMENT_URL', about: 'Public address of the deployment: `<platform>/api/v1/proxy/hosted/<deployment id>`.', when: 'always' },
  { name: 'RUNLAYER_URL', about: 'Address of the platform.', when: 'always' },
  {
    name: 'RUNLAYER_OAUTH_CALLBACK_URL',
    about: 'Address OAuth providers send the browser back to: `<platform>/oauth/callback`.',
    when: 'always',
  },
  { name: 'RUNLAYER_DEPLOYMENT_ID', about: 'UUID of the deployment; the External ID when it assumes a customer role.', when: 'always' },
  { name: 'RUNLAYER_DEPLOYMENT_TASK_ROLE_ARN', about: 'ARN of the role the container runs with.', when: 'on AWS' },
  {
    name: 'RUNLAYER_AWS_ROLE_*',
    about: 'ARN of a customer role, one variable for each name in `infrastructure.aws.assume_roles`.',
    when: 'on AWS',
  },
  { name: 'DB_TABLE_NAME', about: 'Name of the DynamoDB table.', when: 'with infrastructure.enable_db' },
  { name: 'DB_TABLE_REGION', about: 'AWS region of the DynamoDB table.', when: 'with infrastructure.enable_db' },
];

/** Whether the platform sets this name, so that `env` may not. Names are compared exactly, as the container's system does. */
export function isAutomaticVariable(name: string): boolean {
  return automaticVariables.some((variable) =>
    variable.name.endsWith('*') ? name.startsWith(variable.name.slice(0, -1)) : name === variable.name,
  );
}

/** The names that `$$NAME` may refer to inside an `env` value. */
export const platformReferences = ['DEPLOYMENT_URL', 'RUNLAYER_URL', 'RUNLAYER_OAUTH_CALLBACK_URL'] as const;

/** A value for each name that `$$NAME` may refer to. */
export type PlatformValues = Readonly<Record<(typeof platformReferences)[number], string>>;

/** The name of the container's variable for a customer role: `secrets` becomes `RUNLAYER_AWS_ROLE_SECRETS`. */
export function roleVariable(name: string): string {
  return `RUNLAYER_AWS_ROLE_${name.toUpperCase()}`;
}

/**
 * Replaces `$$DEPLOYMENT_URL`, `$$RUNLAYER_URL` and `$$RUNLAYER_OAUTH_CALLBACK_URL` anywhere in an `env` value.
 * Any other `$$NAME` (a longer name too) stays as it is; what was put in is not looked at again.
 */
export function expandPlatformVariables(value: string, values: PlatformValues): string {
  return value.replace(/\$\$([A-Za-z_][A-Za-z0-9_]*)/g, (reference, name: string) =>
    isPlatformReference(name) ? values[name] : reference,
  );
}

function isPlatformReference(name: string): name is keyof PlatformValues {
  return (platformReferences as readonly string[]).includes(name);
}
