// Our reading of trust policies, held against an IAM that enforces them, from inside the deployment and from the customer's account.
import { iamEmulatorMissing } from '@runlayer/local-platform';
import { describeWith } from '@runlayer/test-services';
import { sample } from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkTrustPolicy } from './check-trust-policy.ts';
import { customerTrustPolicy } from './customer-trust-policy.ts';
import { diagnoseRole, type RoleDiagnosis } from './diagnosis/diagnose-role.ts';
import type { AwsCalls } from './diagnosis/ports.ts';
import { anyPolicy, deploymentId, taskRoleArn } from './testing/any-policy.ts';
import { customerAccount, openTwoAccounts, type TwoAccounts } from './testing/two-accounts.ts';

const trust = { taskRoleArn, deploymentId };
const right = customerTrustPolicy(trust);
const [statement] = right.Statement;
const policy = (changes: object): object => ({ ...right, Statement: [{ ...statement, ...changes }] });
const asks = (externalId: string): object => policy({ Condition: { StringEquals: { 'sts:ExternalId': externalId } } });

describeWith(await iamEmulatorMissing(), 'a diagnosis where policies are enforced', () => {
  let accounts: TwoAccounts;
  beforeAll(async () => {
    accounts = await openTwoAccounts();
  });
  afterAll(() => accounts.close());

  async function told(roleArn: string, calls: AwsCalls): Promise<[RoleDiagnosis['from'], string, ...string[]]> {
    const { from, status, findings } = await diagnoseRole({ ...trust, roleArn }, calls);
    return [from, status, ...findings.map(({ code }) => code)];
  }

  it.each<[string, object, string[], string[]]>([
    ['right', right, ['ok'], ['ok']],
    ['root', policy({ Principal: { AWS: '111122223333' } }), ['ok'], ['unsafe', 'principal-account']],
    ['customer-root', policy({ Principal: { AWS: customerAccount } }), ['refused', 'assume-refused'], ['refused', 'principal-account']],
    ['other-role', policy({ Principal: { AWS: `${taskRoleArn}0` } }), ['refused', 'assume-refused'], ['refused', 'principal-wrong']],
    ['made-anew', policy({ Principal: { AWS: 'AROAIIAAAAAAAAAAAAAAA' } }), ['refused', 'assume-refused'], ['refused', 'principal-gone']],
    ['wrong-id', asks('another'), ['refused', 'assume-refused'], ['refused', 'external-id-wrong']],
    ['capitals', asks(deploymentId.toUpperCase()), ['refused', 'assume-refused'], ['refused', 'external-id-spelling']],
    ['no-id', policy({ Condition: undefined }), ['unsafe', 'external-id-missing'], ['unsafe', 'external-id-missing']],
    [
      'any-id',
      policy({ Condition: { StringLike: { 'sts:ExternalId': '*' } } }),
      ['unsafe', 'external-id-loose'],
      ['unsafe', 'external-id-loose'],
    ],
    ['web', policy({ Action: 'sts:AssumeRoleWithWebIdentity' }), ['refused', 'assume-refused'], ['refused', 'action-wrong']],
  ])(
    'tells what is wrong with the trust policy of the role "%s", inside and outside [AWS-2, AWS-3, CFG-7]',
    async (name, document, inside, outside) => {
      const arn = await accounts.makeRole(`r-${name}`, document);
      expect(await told(arn, accounts.inside)).toEqual(['deployment', ...inside]);
      expect(await told(arn, accounts.customer)).toEqual(['account', ...outside]);
    },
  );

  it('tells a mistyped name, and suggests the right one [CFG-7, AWS-3]', async () => {
    const arn = await accounts.makeRole('reports-reader', right);
    const { findings } = await diagnoseRole({ ...trust, roleArn: arn.replace('reports', 'report') }, accounts.customer);
    expect(findings).toMatchObject([{ code: 'role-missing', message: expect.stringContaining('There is "reports-reader"') as string }]);
    expect(await told(arn.replace('reports', 'report'), accounts.inside)).toEqual(['deployment', 'refused', 'assume-refused']);
  });

  it('tells a role that is not declared from one that does not trust [AWS-1, AWS-3]', async () => {
    const arn = await accounts.makeRole('undeclared', right);
    expect(await told(arn, accounts.inside)).toEqual(['deployment', 'refused', 'assume-not-allowed']);
  });

  it('agrees on policies that nobody thought of [AWS-2, AWS-3]', async () => {
    // The emulator takes the ARN of the session for aws:PrincipalArn, where AWS takes that of the role, and only one value of Null.
    const isKnownToDiffer = (document: object): boolean => /aws:PrincipalArn|"true","false"/.test(JSON.stringify(document));
    const policies = sample(anyPolicy, { numRuns: 300, seed: 20_261_122 }).filter((document) => !isKnownToDiffer(document));
    const differing: object[] = [];
    let letIn = 0;
    for (const [index, document] of policies.entries()) {
      const RoleArn = await accounts.makeRole(`r-any-${index}`, document);
      const entry = accounts.inside.sts.assumeRole({ RoleArn, RoleSessionName: 'any', DurationSeconds: 900, ExternalId: deploymentId });
      const isLetIn = await entry.then(
        () => true,
        () => false,
      );
      letIn += Number(isLetIn);
      if (['ok', 'unsafe'].includes(checkTrustPolicy(document, trust).status) !== isLetIn) differing.push(document);
    }
    expect(differing).toEqual([]);
    expect(letIn).toBeGreaterThan(policies.length / 4);
    expect(letIn).toBeLessThan((policies.length * 3) / 4);
  });
});
