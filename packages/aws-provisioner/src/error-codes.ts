// The errors this package throws. Why a workload does not start is no error but a `Failure` in an event.
import { errorMaker, type ErrorMaker } from '@runlayer/errors';

/** Codes of @runlayer/aws-provisioner. */
export const awsProvisionerErrors = {
  ERR_AWS_OPTIONS: {
    title: 'AWS settings wrong',
    status: 500,
    hint: 'Correct the settings of the AWS target.',
  },
  ERR_AWS_UNREACHABLE: {
    title: 'AWS unreachable',
    status: 503,
    hint: 'Check the network, the region and the endpoint, then try again.',
  },
  ERR_AWS_CREDENTIALS: {
    title: 'AWS credentials missing or refused',
    status: 503,
    hint: 'Give the platform credentials that are valid now: a role of its task or machine, a profile, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
  },
  ERR_AWS_DENIED: {
    title: 'AWS permission missing',
    status: 502,
    hint: "Allow the call in the policy of the platform's role.",
  },
  ERR_AWS_CALL: {
    title: 'AWS refused a call',
    status: 502,
    hint: 'Read what AWS says, then try again.',
  },
  ERR_AWS_ACCOUNT: {
    title: 'Wrong AWS account',
    status: 500,
    hint: 'Use credentials of the account that is set, or correct the setting.',
  },
  ERR_AWS_PLATFORM: {
    title: 'AWS platform resources missing',
    status: 500,
    hint: 'Make the cluster, the subnets and the security group of the proxy first, or correct the settings that name them.',
  },
  ERR_AWS_FOREIGN_OWNER: {
    title: 'AWS resource of somebody else',
    status: 409,
    hint: 'Remove or rename it, or give the platform another environment name: it changes nothing that does not carry its tags.',
  },
  ERR_AWS_IMAGE: {
    title: 'Image cannot be judged',
    status: 502,
    hint: 'Name it by its digest and state infrastructure.platform, name an image that its registry gives to everybody, or build it.',
  },
  ERR_AWS_UNSETTLED: {
    title: 'AWS did not settle in time',
    status: 504,
    hint: 'Try again: what was begun goes on from where it is.',
  },
} as const;

/** Makes an error of the table. */
export const awsError: ErrorMaker<typeof awsProvisionerErrors> = errorMaker(awsProvisionerErrors);
