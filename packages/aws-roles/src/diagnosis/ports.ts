// The few calls of AWS that a diagnosis makes, shaped so that the clients of the AWS SDK fit as they are: `new STS({})`, `new IAM({})`.

/** What each call may be given beside its input. */
export interface CallOptions {
  readonly abortSignal?: AbortSignal;
}

/** Input of `sts:AssumeRole`. The credentials that it answers with are never looked at. */
export interface AssumeRoleInput {
  readonly RoleArn: string;
  readonly RoleSessionName: string;
  readonly DurationSeconds: number;
  readonly ExternalId?: string;
}

/** The calls of STS. */
export interface StsCalls {
  /** Needs no permission. */
  getCallerIdentity(
    input: Readonly<Record<string, never>>,
    options?: CallOptions,
  ): Promise<{ Account?: string | undefined; Arn?: string | undefined }>;
  assumeRole(input: AssumeRoleInput, options?: CallOptions): Promise<unknown>;
}

/** A role as IAM describes it. */
export interface RoleDescription {
  readonly Arn?: string | undefined;
  /** Percent-encoded. */
  readonly AssumeRolePolicyDocument?: string | undefined;
  /** Seconds. */
  readonly MaxSessionDuration?: number | undefined;
}

/** The calls of IAM. */
export interface IamCalls {
  getRole(input: { readonly RoleName: string }, options?: CallOptions): Promise<{ Role?: RoleDescription | undefined }>;
  /** Only for suggesting a name, when there is no role of the name that was given. */
  listRoles(
    input: { readonly Marker?: string; readonly MaxItems?: number },
    options?: CallOptions,
  ): Promise<{
    Roles?: readonly { readonly RoleName?: string | undefined }[] | undefined;
    IsTruncated?: boolean | undefined;
    Marker?: string | undefined;
  }>;
}

/** What a diagnosis calls. */
export interface AwsCalls {
  readonly sts: StsCalls;
  readonly iam: IamCalls;
}
