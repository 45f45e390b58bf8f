// From inside the deployment: tries to assume the role as the connector does, then as nobody should be able to.
import type { Finding } from '../finding.ts';
import type { RoleArn } from '../role-arn/role-arn.ts';
import { call, callFinding, type Calling } from './call.ts';
import type { StsCalls } from './ports.ts';

/** What to try. */
export interface Probe {
  readonly role: RoleArn;
  readonly deploymentId: string;
}

/** Assumes the role for the shortest time there is; the credentials are thrown away. */
export async function probeRole({ role, deploymentId }: Probe, sts: StsCalls, calling: Calling): Promise<Finding[]> {
  const attempt = async (externalId: string | undefined) =>
    await call((options) => sts.assumeRole(inputFor(role, externalId), options), calling);
  const entry = await attempt(deploymentId);
  if ('failed' in entry) {
    return [entry.failed.kind === 'denied' ? refusal(entry.failed.said, role) : callFinding(entry.failed, 'sts:AssumeRole')];
  }
  if ('answer' in (await attempt(undefined))) return [missing(deploymentId)];
  if ('answer' in (await attempt(crypto.randomUUID()))) return [loose(deploymentId)];
  return [];
}

function inputFor({ arn }: RoleArn, externalId: string | undefined): Parameters<StsCalls['assumeRole']>[0] {
  const input = { RoleArn: arn, RoleSessionName: 'runlayer-doctor', DurationSeconds: 900 };
  return externalId === undefined ? input : { ...input, ExternalId: externalId };
}

/** The boundary that the platform makes denies one thing: roles of the platform's own account without this tag. */
const consent = 'If the role is in the account of the platform, tag it runlayer:assumable-by = the environment of the platform.';

/** AWS says why only where the reason lies in the caller's own account or organization. */
function refusal(said: string, { arn, account }: RoleArn): Finding {
  const shared = { severity: 'error', message: `AssumeRole was denied: ${said}` } as const;
  if (said.includes('no identity-based policy allows')) {
    return {
      ...shared,
      code: 'assume-not-allowed',
      fix: `Declare ${arn} below infrastructure.aws.assume_roles in runlayer.yaml, and deploy: a task role may assume declared roles only.`,
    };
  }
  const policy = /explicit deny in an? ([\w -]+ policy|[\w -]+ boundary)|no (?!resource)([\w -]+ policy|[\w -]+ boundary) allows/.exec(
    said,
  );
  if (policy !== null) {
    const kind = (policy[1] ?? policy[2] ?? '').trim();
    const fix = `Ask whoever keeps the ${kind} to allow sts:AssumeRole on ${arn}.`;
    return { ...shared, code: 'assume-denied', fix: policy[1] === 'permissions boundary' ? `${consent} Or: ${fix}` : fix };
  }
  return {
    ...shared,
    code: 'assume-refused',
    message: `AssumeRole was denied, and AWS does not say whether the role exists, its principal or its External ID is the cause: ${said}`,
    fix: `Run \`runlayer doctor aws\` with credentials of the account ${account}, which tells these apart; or paste the trust policy into the role.`,
  };
}

function missing(deploymentId: string): Finding {
  return {
    code: 'external-id-missing',
    severity: 'warning',
    message: 'The role is assumed without an External ID too: its trust policy does not ask for one.',
    fix: `Add the condition StringEquals, sts:ExternalId, "${deploymentId}" to its trust policy.`,
  };
}

function loose(deploymentId: string): Finding {
  return {
    code: 'external-id-loose',
    severity: 'warning',
    message: 'The role is assumed with any other External ID too.',
    fix: `Let its trust policy ask for one only: StringEquals, sts:ExternalId, "${deploymentId}".`,
  };
}
