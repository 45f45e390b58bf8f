// Whose the credentials are: what a policy needs to know, and nothing but credentials can tell.
import { reaching } from '../calls/aws-error.ts';
import { createContext } from '../calls/context.ts';
import { settingsFrom } from '../options.ts';
import type { BootstrapOptions } from './bootstrap-options.ts';

/**
 * The account of the credentials, twelve digits.
 * @throws `ERR_AWS_UNREACHABLE`, `ERR_AWS_CREDENTIALS`
 */
export function callerAccount(options: Pick<BootstrapOptions, 'region' | 'endpoint' | 'credentials' | 'requestHandler'>): Promise<string> {
  const nowhere = { cluster: '', vpc: '', subnets: [''], proxySecurityGroup: '' };
  return reaching(() => createContext(settingsFrom({ ...options, ...nowhere })).account());
}
