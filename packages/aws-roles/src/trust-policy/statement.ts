// A trust policy in one form, whichever of its spellings IAM keeps.

/** Who a statement speaks of. */
export interface Principals {
  /** Values of `AWS`, and `*` for anyone. */
  readonly aws: readonly string[];
  /** Services, identity providers and the like, as `Service: ecs-tasks.amazonaws.com`. */
  readonly others: readonly string[];
}

/** One operator on one key. */
export interface Condition {
  /** As written, such as `ForAnyValue:StringLikeIfExists`. */
  readonly operator: string;
  /** As written; keys are compared without regard to case. */
  readonly key: string;
  readonly values: readonly string[];
}

/** One statement. All of it has to hold for it to count. */
export interface TrustStatement {
  /** Counted from 1. */
  readonly position: number;
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  readonly principals: Principals;
  /** Whether it speaks of everyone but the principals. */
  readonly isNotPrincipal: boolean;
  readonly actions: readonly string[];
  /** Whether it speaks of every action but these. */
  readonly isNotAction: boolean;
  readonly conditions: readonly Condition[];
}

/** `statement 2 ("Sid")`, as messages name it. */
export function nameOf({ position, sid }: TrustStatement): string {
  return sid === undefined || sid === '' ? `statement ${position}` : `statement ${position} ("${sid}")`;
}

/** Whether a condition is about the External ID. */
export function isOnExternalId({ key }: Condition): boolean {
  return key.toLowerCase() === 'sts:externalid';
}
