// The ARN of a role, taken apart.

/** A role of some account. */
export interface RoleArn {
  readonly arn: string;
  /** Such as `aws` or `aws-us-gov`. Nobody assumes a role of another partition. */
  readonly partition: string;
  /** 12 digits. */
  readonly account: string;
  /** `/`, or a path that begins and ends with one. Part of the ARN, not of the name. */
  readonly path: string;
  /** Unique in its account, whatever the path. */
  readonly name: string;
}

/** Every partition. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export const partitions: readonly string[] = ['aws', 'aws-cn', 'aws-us-gov', 'aws-eusc', 'aws-iso', 'aws-iso-b', 'aws-iso-e', 'aws-iso-f'];

// Path: printable ASCII between slashes, 512 characters at most; name: 64 at most.
// @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html
const shape = /^arn:([a-z-]+):iam::(\d{12}):role(\/(?:[!-~]{1,510}\/)?)([\w+=,.@-]{1,64})$/;

/** The parts of a role's ARN; nothing for any other text. Blanks around it count. */
export function parseRoleArn(text: string): RoleArn | undefined {
  const [, partition = '', account = '', path = '', name = ''] = shape.exec(text) ?? [];
  return partitions.includes(partition) ? { arn: text, partition, account, path, name } : undefined;
}
