// Compiled by the typecheck only: what has to be said, and what cannot be.
import { type AwsProvisionerOptions, createAwsProvisioner } from './index.ts';

const needed = { region: 'us-east-1', cluster: 'c', vpc: 'vpc-1', subnets: ['subnet-1'], proxySecurityGroup: 'sg-1' };
createAwsProvisioner(needed);
createAwsProvisioner({ ...needed, credentials: async () => ({ accessKeyId: 'a', secretAccessKey: 'b' }) });

// @ts-expect-error: without a region nothing has a place
createAwsProvisioner({ ...needed, region: undefined });
// @ts-expect-error: a task is probed by HTTP or not at all
createAwsProvisioner({ ...needed, probe: 'tcp' });

const options: AwsProvisionerOptions = needed;
// @ts-expect-error: options are read only
options.region = 'eu-west-1';
