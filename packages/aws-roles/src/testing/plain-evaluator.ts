// A second reading of the rules of IAM, made another way: by regular expressions over the document as it stands. Tests hold ours against it.

/** A policy as the tests make it: every element a list. */
export interface PlainPolicy {
  readonly Statement: readonly {
    readonly Effect: string;
    readonly Principal: { readonly AWS?: readonly string[]; readonly Service?: readonly string[] };
    readonly Action: readonly string[];
    readonly Condition: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  }[];
}

/** Whether a session of a role, bringing an External ID or none, gets in. */
export function getsIn(policy: PlainPolicy, roleArn: string, externalId: string | null): boolean {
  const account = roleArn.slice(13, 25);
  const context: Record<string, string | null> = {
    'sts:ExternalId': externalId,
    'aws:PrincipalArn': roleArn,
    'aws:PrincipalAccount': account,
  };
  const speaks = policy.Statement.filter(
    ({ Principal, Action, Condition }) =>
      (Principal.AWS ?? []).some((one) => ['*', account, `arn:aws:iam::${account}:root`, roleArn].includes(one)) &&
      Action.some((one) => glob(one.toLowerCase()).test('sts:assumerole')) &&
      Object.entries(Condition).every(([operator, keys]) =>
        Object.entries(keys).every(([key, values]) => met(operator, context[key] ?? null, values)),
      ),
  );
  return speaks.some(({ Effect }) => Effect === 'Allow') && speaks.every(({ Effect }) => Effect !== 'Deny');
}

function met(operator: string, actual: string | null, values: readonly string[]): boolean {
  if (operator === 'Null') return values.includes(actual === null ? 'true' : 'false');
  if (actual === null) {
    if (operator.endsWith('IfExists') || operator.startsWith('ForAllValues:')) return true;
    return !operator.startsWith('ForAnyValue:') && operator.includes('Not');
  }
  const isLike = /Like|Arn/.test(operator);
  const flags = operator.includes('IgnoreCase') ? 'i' : '';
  const matches = values.some((value) => (isLike ? glob(value, flags) : new RegExp(`^${quote(value)}$`, flags)).test(actual));
  return operator.includes('Not') ? !matches : matches;
}

function glob(pattern: string, flags = ''): RegExp {
  return new RegExp(`^${quote(pattern).replaceAll('\\*', '.*').replaceAll('\\?', '.')}$`, flags);
}

function quote(text: string): string {
  return text.replaceAll(/[^\w]/g, (character) => `\\${character}`);
}
