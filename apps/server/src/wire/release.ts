// Releases and their progress as the wire shows them.
import type { WireDeploymentStatus, WireFailure, WireRelease, WireTriggered } from '@runlayer/api';
import { configurationRecord } from '@runlayer/config-schema';
import type { DeploymentStatus, Release } from '@runlayer/control-plane';
import type { Failure } from '@runlayer/provisioner';

/** A cause with its evidence. */
export function wireFailure({ code, message, fix, evidence }: Failure): WireFailure {
  return { code, message, fix, evidence: { ...evidence } };
}

/** One release. */
export function wireRelease(release: Release): WireRelease {
  return {
    id: release.id,
    deployment_id: release.deploymentId,
    number: release.number,
    request_id: release.requestId,
    status: release.status,
    docker_image: release.image,
    pinned_image: release.pinnedImage,
    configuration: { ...configurationRecord(release.configuration) },
    failure: release.failure === null ? null : wireFailure(release.failure),
    ...errorOf(release),
    still_serving: release.stillServing,
    created_by: release.createdBy.name,
    created_at: release.createdAt,
    started_at: release.startedAt,
    finished_at: release.finishedAt,
  };
}

/** The answer to a trigger. */
export function wireTriggered(release: Release): WireTriggered {
  return { deployment_id: release.deploymentId, request_id: release.requestId, status: release.status, history_id: release.id };
}

/** Status of the newest release. The published client waits on every word but `succeeded` and `failed`. */
export function wireStatus({ deploymentId, release, state, deletionStatus }: DeploymentStatus): WireDeploymentStatus {
  return {
    deployment_id: deploymentId,
    history_id: release?.id ?? null,
    status: release === null ? 'not_deployed' : release.status === 'cancelled' ? 'failed' : release.status,
    ...(release === null ? {} : errorOf(release)),
    ...(release?.failure == null ? {} : { failure: wireFailure(release.failure) }),
    state,
    deletion_status: deletionStatus,
  };
}

/** Left out when there is none: the published client prints the key whenever it is there. */
function errorOf({ failure, status }: Release): { error?: string } {
  if (failure !== null) return { error: `${failure.message} ${failure.fix}`.trim() };
  return status === 'cancelled' ? { error: 'The release was cancelled: the deployment is being destroyed.' } : {};
}
