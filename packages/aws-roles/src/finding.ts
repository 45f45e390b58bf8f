// What can stand between a workload and a role, by code, and one occurrence of it.

/** Every code, with what it means whoever meets it. */
export const findingCodes = {
  'arn-missing': 'There is no ARN',
  'arn-characters': 'Blanks, quotes or invisible characters in the ARN',
  'arn-web-address': 'The address of a web page instead of an ARN',
  'arn-name-only': 'The name of a role instead of its ARN',
  'arn-shape': 'The parts of the ARN are not those of a role',
  'arn-partition': 'The partition of the ARN does not exist',
  'arn-service': 'The ARN of another service',
  'arn-session': 'The ARN of a session instead of its role',
  'arn-region': 'A region in the ARN of a role',
  'arn-account': 'The account of the ARN is not 12 digits',
  'arn-not-a-role': 'The ARN of something else, such as a user',
  'arn-name': 'The name of the role is not valid',
  'arn-reserved': 'A role of AWS whose trust policy cannot be changed',
  'task-role-arn': 'The ARN of the task role is not valid',
  'policy-unreadable': 'The trust policy is not one that IAM takes',
  'nobody-let-in': 'The trust policy allows nothing',
  'principal-wrong': 'Another principal is let in',
  'principal-account': 'A whole account is let in instead of the task role',
  'principal-anyone': 'Every AWS account is let in',
  'principal-session': 'One session of the task role is let in instead of the role',
  'principal-gone': 'The principal was deleted; one made anew is not the same',
  'principal-path': 'The principal lacks the path of the task role, or has another one',
  'principal-pattern': 'A pattern as principal, which IAM does not know',
  'principal-inverted': 'NotPrincipal, which cannot be judged',
  'principal-service': 'Only services or identity providers are let in',
  'principal-others': 'Others are let in beside the task role',
  'action-wrong': 'Another action is allowed',
  'external-id-wrong': 'Another External ID is asked for',
  'external-id-spelling': 'The External ID differs in case or blanks',
  'external-id-refused': 'Calls with an External ID are refused',
  'external-id-missing': 'No External ID is asked for',
  'external-id-loose': 'Other External IDs are taken too',
  'condition-fails': 'Another condition is not met',
  'condition-unknown': 'A condition cannot be judged from here',
  denied: 'A statement denies it',
  'role-elsewhere': 'The role is in another partition of AWS',
  'role-missing': 'There is no such role',
  'role-arn-differs': 'The role has another ARN',
  'role-unreadable': 'The role cannot be read',
  'session-limit': 'Sessions end after an hour, whatever the role allows',
  'caller-other': 'The calls are not made as the task role',
  'credentials-missing': 'There are no AWS credentials',
  'credentials-refused': 'The AWS credentials are not taken',
  'credentials-elsewhere': 'The AWS credentials are of an account that can tell nothing',
  'assume-refused': 'AssumeRole was denied, without a reason',
  'assume-not-allowed': 'The task role may not assume the role',
  'assume-denied': 'A policy denies AssumeRole',
  'call-failed': 'A call to AWS failed',
} as const;

/** A stable code: compared by programs, never reused for another meaning. */
export type FindingCode = keyof typeof findingCodes;

/**
 * `error`: the role cannot be assumed. `doubt`: it cannot be told from here. `warning`: it can be assumed, and by more than it should be.
 * `note`: worth knowing.
 */
export type Severity = 'error' | 'doubt' | 'warning' | 'note';

/** Something that was found. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** What is there, one or two sentences. */
  readonly message: string;
  /** What to do about it. Absent where nothing need be done. */
  readonly fix?: string | undefined;
  /** Place of the statement in the trust policy, counted from 1. */
  readonly statement?: number | undefined;
}

/** `ok`: let in, and nobody else is. `unsafe`: let in, with warnings. `refused`: not let in. `unknown`: cannot be told. */
export type Status = 'ok' | 'unsafe' | 'refused' | 'unknown';

/** What findings come to: the gravest decides. */
export function statusOf(findings: readonly Finding[]): Status {
  const has = (severity: Severity): boolean => findings.some((finding) => finding.severity === severity);
  if (has('error')) return 'refused';
  if (has('doubt')) return 'unknown';
  return has('warning') ? 'unsafe' : 'ok';
}
