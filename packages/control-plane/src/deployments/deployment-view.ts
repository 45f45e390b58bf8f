// A deployment's row as callers see it.
import { maskConfig, templateYaml } from '@runlayer/config-schema';
import type { Context } from '../context.ts';
import { toRelease } from '../releases/release-view.ts';
import type { ReleaseRow } from '../releases/release-view.ts';
import type { Observation } from '../routes/observations.ts';
import type { Deployment, DeploymentState } from './deployment.ts';
import { deploymentUrl } from './deployment-url.ts';
import type { Attached, DeploymentRow } from './deployment-rows.ts';

/** What was last verified of it: by this process if it has looked since the last change, else as it is written down. */
export function stateOf(
  row: DeploymentRow,
  latest: Pick<ReleaseRow, 'status'> | undefined,
  seen: Observation | undefined,
): DeploymentState {
  if (row.deletionStatus !== null) return row.deletionStatus;
  const observed = row.servingReleaseId === null ? undefined : (seen?.state ?? row.observedState);
  if (observed === 'serving' || observed === 'starting') return observed;
  if (latest === undefined) return 'never_deployed';
  return latest.status === 'queued' || latest.status === 'running' ? 'starting' : 'failed';
}

/** Why it does not serve, where a look has told. */
export function failureOf(state: DeploymentState, seen: Observation | undefined): Observation['failure'] {
  return state === 'failed' || state === 'starting' ? (seen?.failure ?? null) : null;
}

/** Without what is sealed. */
export function toDeployment(context: Context, row: DeploymentRow, attached: Attached): Deployment {
  const latest = attached.latestReleases.get(row.id);
  const seen = context.observations.of(row.id);
  const state = stateOf(row, latest, seen);
  const { id, organizationId, serverId, name, icon, deletionStatus, deletionFailure, outputs, servingReleaseId } = row;
  return {
    id,
    organizationId,
    serverId,
    name,
    icon,
    deletionStatus,
    deletionFailure,
    outputs,
    servingReleaseId,
    configuration: row.config === null ? null : maskConfig(row.config),
    image: row.imageReference === null ? null : { reference: row.imageReference, pinned: row.pinnedImage, platform: row.imagePlatform },
    templateYaml: templateYaml({ id, name, platform: context.defaultPlatform }),
    state,
    failure: failureOf(state, seen),
    url: deploymentUrl(context.platformUrl, id),
    taskRoleArn: outputs['taskRoleArn'] ?? null,
    connectors: (attached.connectors.get(id) ?? []).map((connector) => ({ id: connector.id, name: connector.name })),
    latestRelease: latest === undefined ? null : toRelease(latest),
    createdBy: row.createdBy.name,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
