// What `$$NAME` in a value stands for, and the addresses that a container is told.
import type { PlatformValues } from '@runlayer/config-schema';
import type { Context } from '../context.ts';
import { deploymentUrl } from '../deployments/deployment-url.ts';

/** The values of one deployment. */
export function platformValues({ platformUrl }: Pick<Context, 'platformUrl'>, deploymentId: string): PlatformValues {
  return {
    DEPLOYMENT_URL: deploymentUrl(platformUrl, deploymentId),
    RUNLAYER_URL: platformUrl,
    RUNLAYER_OAUTH_CALLBACK_URL: `${platformUrl}/oauth/callback`,
  };
}
