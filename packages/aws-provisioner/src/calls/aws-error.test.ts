// Refusals of AWS that end by themselves.
import { expect, it } from 'vitest';
import { contextOf } from '../../fixtures/platform.ts';
import { settled } from './aws-error.ts';

const options = { region: 'eu-west-1', cluster: 'c', vpc: 'vpc-1', subnets: ['subnet-1'], proxySecurityGroup: 'sg-1' };

const refusal = (name: string, message: string): Error => Object.assign(new Error(message), { name });

it.each([
  'Error retrieving security group information for [sg-1]: Request limit exceeded. (ErrorCode: RequestLimitExceeded)',
  "Error retrieving security group information for [sg-1]: The security group 'sg-1' does not exist (ErrorCode: InvalidGroup.NotFound)",
  'Unable to Start a service that is still Draining.',
])('waits where ECS says "%s" [AWS-4]', async (message) => {
  let tries = 0;
  const call = async (): Promise<number> => {
    tries += 1;
    if (tries === 1) throw refusal('InvalidParameterException', message);
    return tries;
  };
  expect(await settled(contextOf({ ...options, pollMs: 1 }), call)).toBe(2);
});

it('does not wait where a refusal is final', async () => {
  const call = (): Promise<never> => Promise.reject(refusal('InvalidParameterException', 'The subnet ID does not exist'));
  await expect(settled(contextOf({ ...options, pollMs: 1 }), call)).rejects.toThrow('The subnet ID does not exist');
});
