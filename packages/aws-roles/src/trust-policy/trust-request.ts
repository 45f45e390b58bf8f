// A call of AssumeRole as a trust policy sees it.
import type { RoleArn } from '../role-arn/role-arn.ts';

/** Who calls, with what. */
export interface TrustRequest {
  /** The role whose session calls. */
  readonly caller: RoleArn;
  /** Nothing, where the call brings none. */
  readonly externalId: string | undefined;
}

/** A value of the request, or its absence. */
type Value = string | undefined;

/**
 * What a condition key may be in the request; nothing for keys that cannot be known from here, such as addresses and tags.
 * A task has never given a second factor; whether the key is absent then, or false, AWS leaves open.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function valuesOf(key: string, { caller, externalId }: TrustRequest): readonly Value[] | undefined {
  switch (key.toLowerCase()) {
    case 'sts:externalid':
      return [externalId];
    case 'aws:principalarn':
      return [caller.arn];
    case 'aws:principalaccount':
      return [caller.account];
    case 'aws:principaltype':
      return ['AssumedRole'];
    case 'aws:multifactorauthpresent':
      return ['false', undefined];
    case 'aws:securetransport':
      return ['true'];
    case 'aws:viaawsservice':
    case 'aws:principalisawsservice':
      return ['false'];
    default:
      return undefined;
  }
}
