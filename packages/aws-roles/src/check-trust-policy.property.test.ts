import { anything, assert, constantFrom, property, stringMatching, string } from 'fast-check';
import { expect, it } from 'vitest';
import { checkTrustPolicy } from './check-trust-policy.ts';
import { customerTrustPolicy } from './customer-trust-policy.ts';
import { anyJson, anyPolicy, deploymentId, otherRoles, taskRoleArn } from './testing/any-policy.ts';
import { getsIn } from './testing/plain-evaluator.ts';

const trust = { taskRoleArn, deploymentId };
const many = { numRuns: 2000 };

it('says the same of every policy as a second reading of the rules [AWS-2, AWS-3]', () => {
  assert(
    property(anyPolicy, (policy) => {
      const { status, findings } = checkTrustPolicy(policy, trust);
      expect(status).not.toBe('unknown');
      expect(status === 'ok' || status === 'unsafe', JSON.stringify(findings)).toBe(getsIn(policy, taskRoleArn, deploymentId));
    }),
    many,
  );
});

it('takes no policy for safe that lets in other External IDs, or other roles without naming them [AWS-2]', () => {
  const stranger = 'arn:aws:iam::999999999999:role/stranger';
  assert(
    property(anyPolicy, constantFrom(null, 'x', 'other', '3c1ax', deploymentId.toUpperCase()), (policy, externalId) => {
      const { status, findings } = checkTrustPolicy(policy, trust);
      if (status !== 'ok') return;
      expect(getsIn(policy, taskRoleArn, externalId)).toBe(false);
      if (findings.some(({ code }) => code === 'principal-others')) return;
      for (const role of [...otherRoles, stranger]) expect(getsIn(policy, role, deploymentId)).toBe(false);
    }),
    many,
  );
});

it('says the same of a policy in every form that IAM keeps', () => {
  const single = (value: unknown): unknown => (Array.isArray(value) && value.length === 1 ? (value[0] as unknown) : value);
  assert(
    property(anyPolicy, (policy) => {
      const said = checkTrustPolicy(policy, trust);
      const text = JSON.stringify(policy, (_key, value: unknown) => single(value));
      for (const form of [text, encodeURIComponent(text), ` ${JSON.stringify(policy, undefined, 4)}\n`]) {
        expect(checkTrustPolicy(form, trust)).toEqual(said);
      }
    }),
  );
});

it('takes the policy that it writes, for every deployment [AWS-2]', () => {
  const role = stringMatching(/^arn:aws:iam::\d{12}:role\/([a-z]{1,5}\/){0,2}[\w+=,.@-]{1,64}$/);
  assert(
    property(role, stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/), (taskRoleArn, deploymentId) => {
      const own = { taskRoleArn, deploymentId };
      // An id without letters has no capitals to tell apart, and that is fine.
      expect(checkTrustPolicy(customerTrustPolicy(own), own)).toEqual({ status: 'ok', findings: [] });
    }),
  );
});

it('never throws, whatever it is given', () => {
  for (const document of [anything(), string(), anyJson, anyJson.map((value) => JSON.stringify(value))]) {
    assert(
      property(document, string(), (document, text) => {
        expect(checkTrustPolicy(document, trust).findings).toBeDefined();
        expect(checkTrustPolicy(document, { taskRoleArn: text, deploymentId: text }).findings).toBeDefined();
        expect(checkTrustPolicy(document, { taskRoleArn, deploymentId: text }).findings).toBeDefined();
      }),
      { numRuns: 300 },
    );
  }
});
