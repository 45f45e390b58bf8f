// The shape of an IAM policy, and whether two of them say the same.

/** One permission or one answer to "who may assume this role". */
export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: Readonly<Record<string, string>>;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** A policy as IAM takes it. */
export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

/** The text that IAM is given: without blanks, as IAM counts what a policy may hold. */
export function policyText(document: PolicyDocument): string {
  return JSON.stringify(document);
}

/**
 * Whether a policy that IAM handed out says what a document says, whatever the order of keys and lists.
 *
 * @param stored As IAM answers: percent-encoded JSON. Nothing, or text that is no policy, is never the same.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html
 */
export function samePolicy(stored: string | undefined, document: PolicyDocument): boolean {
  if (stored === undefined) return false;
  try {
    return canonical(JSON.parse(decodeURIComponent(stored))) === canonical(document);
  } catch {
    return false;
  }
}

/** IAM takes a list of one and its only item for the same, and may hand out either. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) {
    const items = value.map(canonical);
    return items.length === 1 ? (items[0] ?? '') : `[${items.sort().join()}]`;
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join()}}`;
}
