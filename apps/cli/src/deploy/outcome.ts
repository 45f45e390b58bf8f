// What a release came to, in words: where it serves, or why it does not.
import type { Schemas } from '@runlayer/api/client';
import { cliError } from '../error-codes.ts';
import { roleOutcome } from './role-outcome.ts';
import type { Ended } from './world.ts';

/** The end of a release that serves. `isNews`: whether the trust policy has to be pasted now; otherwise it is only said where to get it. */
export async function servingOutcome(
  record: Schemas['Deployment'],
  release: Schemas['Release'],
  host: string,
  isNews: boolean,
): Promise<Ended> {
  const deploymentUrl = record.deployment_url || `${host}/api/v1/proxy/hosted/${record.id}`;
  const url = record.mcp_url ?? deploymentUrl;
  const roles = await roleOutcome(record, isNews);
  const lines = [`${record.name} is serving.`, `  URL:        ${url}`, `  Deployment: ${record.id}`, ...roles.lines];
  const value = {
    status: 'serving',
    deployment_id: record.id,
    release_id: release.id,
    url,
    deployment_url: deploymentUrl,
    task_role_arn: record.task_role_arn ?? null,
    trust_policy: roles.policy ?? null,
  };
  return { value, text: lines.join('\n') };
}

/** The error of a release that does not serve: its cause, its fix, and what still serves. */
export function releaseFailure(release: Schemas['Release']): Error {
  const { failure, status, deployment_id, id, still_serving } = release;
  const cause = failure?.message ?? release.error ?? `The release ended as ${status}.`;
  const still = typeof still_serving === 'string' ? ' The release before it goes on serving.' : '';
  return cliError('ERR_CLI_RELEASE_FAILED', `${cause}${still}`, {
    hint: failure?.fix,
    data: { deployment_id, release_id: id, status, failure: failure ?? null, still_serving: still_serving ?? null },
  });
}
