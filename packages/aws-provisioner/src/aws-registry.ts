// The registry side of the target, for whoever builds images: a repository for each deployment, and credentials to push to it.
import { reaching } from './aws-error.ts';
import { createContext } from './context.ts';
import { type AwsProvisionerOptions, settingsFrom } from './options.ts';
import { ensureRepository, type PushCredentials, pushCredentials } from './resources/image-repository.ts';

/** Where images for this target are pushed. */
export interface AwsRegistry {
  /**
   * Name of a deployment's repository, host included; made when it is missing. Its tags cannot be moved once they are pushed.
   * `destroy` of the provisioner removes it.
   * @throws `ERR_AWS_FOREIGN_OWNER` When a repository with the name is not this deployment's.
   */
  repository(deploymentId: string): Promise<string>;
  /** Credentials to push with, for twelve hours. */
  credentials(): Promise<PushCredentials>;
}

/**
 * The ECR of the account that the options name. Making it calls nothing.
 * @throws `ERR_AWS_OPTIONS` When an option cannot be right.
 */
export function createAwsRegistry(options: AwsProvisionerOptions): AwsRegistry {
  const context = createContext(settingsFrom(options));
  return {
    repository: (deploymentId) => reaching(() => ensureRepository(context, deploymentId)),
    credentials: () => reaching(() => pushCredentials(context)),
  };
}
