// The rights that the bootstrap takes: those of a person or pipeline, once, and not of the server.
import { bootstrapCalls, bootstrapRules } from './bootstrap-calls.ts';
import { type NamedPolicy, policyOf } from './grants.ts';
import { type PolicyPlace, placeOf } from './place.ts';

/**
 * What `applyBootstrap` needs. It is more than what the server has: it decides what roles of deployments may do.
 * @throws `ERR_AWS_OPTIONS` When the account is not twelve digits.
 */
export function bootstrapPolicy(given: PolicyPlace): NamedPolicy {
  const place = placeOf(given);
  return { name: `runlayer-${place.environment}-bootstrap`, document: policyOf(bootstrapRules, bootstrapCalls, place) };
}
