// Asks AWS, reading only, whether the target can be used at all: for whoever reports the health of the platform.
import { reaching } from './calls/aws-error.ts';
import { createContext } from './calls/context.ts';
import { type AwsProvisionerOptions, settingsFrom } from './options.ts';
import { demandPlatform } from './apply/preflight.ts';

/**
 * Makes a check of credentials, account, cluster and subnets. Each run asks AWS anew, twice at most, so that it ends soon.
 * It throws `ERR_AWS_UNREACHABLE`, `ERR_AWS_CREDENTIALS`, `ERR_AWS_DENIED`, `ERR_AWS_ACCOUNT`, `ERR_AWS_PLATFORM` or `ERR_AWS_CALL`.
 * @throws `ERR_AWS_OPTIONS` When an option cannot be right.
 */
export function createPlatformCheck(options: AwsProvisionerOptions): (signal?: AbortSignal) => Promise<void> {
  const context = createContext(settingsFrom({ ...options, maxAttempts: 2 }));
  return (signal = context.signal) => reaching(() => demandPlatform({ ...context, signal }));
}
