// A deployment's row as callers see it.
import { maskConfig, templateYaml } from '@runlayer/config-schema';
import type { Context } from '../context.ts';
import { toRelease } from '../releases/release-view.ts';
import type { ReleaseRow } from '../releases/release-view.ts';
import type { Deployment, DeploymentState } from './deployment.ts';
import { deploymentUrl } from './deployment-url.ts';
import type { Attached, DeploymentRow } from './deployment-rows.ts';

/** What was last verified of it. */
export function stateOf(row: DeploymentRow, latest: Pick<ReleaseRow, 'status'> | undefined): DeploymentState {
  if (row.deletionStatus !== null) return row.deletionStatus;
  if (row.servingReleaseId !== null && row.observedState === 'serving') return 'serving';
  if (latest === undefined) return 'never_deployed';
  return latest.status === 'queued' || latest.status === 'running' ? 'starting' : 'failed';
}

/** Without what is sealed. */
export function toDeployment(context: Context, row: DeploymentRow, attached: Attached): Deployment {
  const latest = attached.latestReleases.get(row.id);
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
    state: stateOf(row, latest),
    url: deploymentUrl(context.platformUrl, id),
    taskRoleArn: outputs['taskRoleArn'] ?? null,
    connectors: (attached.connectors.get(id) ?? []).map((connector) => ({ id: connector.id, name: connector.name })),
    latestRelease: latest === undefined ? null : toRelease(latest),
    createdBy: row.createdBy.name,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
