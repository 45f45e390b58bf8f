// The least that the server needs: policies made of the calls that the package makes.
import { type NamedPolicy, policyOf } from './grants.ts';
import { type PolicyPlace, placeOf } from './place.ts';
import { serverCalls } from './server-calls.ts';
import { computeRules, dataRules } from './server-rules.ts';

/**
 * The managed policies to attach to the role of the server, both of them: IAM takes at most 6,144 characters for one. They allow what
 * deploying takes, on what belongs to deployments of this environment only. Three things AWS cannot scope so: reading lists,
 * deregistering task definitions, and scalable targets of ECS services.
 *
 * @throws `ERR_AWS_OPTIONS` When the account is not twelve digits.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export function serverPolicy(given: PolicyPlace): readonly NamedPolicy[] {
  const place = placeOf(given);
  const name = `runlayer-${place.environment}-server`;
  return [
    { name: `${name}-compute`, document: policyOf(computeRules, serverCalls, place) },
    { name: `${name}-data`, document: policyOf(dataRules, serverCalls, place) },
  ];
}
