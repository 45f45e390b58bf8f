// A deployment as the wire shows it.
import type { WireDeployment, WireYamlValidity } from '@runlayer/api';
import { configurationRecord } from '@runlayer/config-schema';
import type { Deployment, Validation } from '@runlayer/control-plane';
import { wireFailure } from './release.ts';

/** The record. `configuration` is an object even before the first upload: the published client refuses null. */
export function wireDeployment(deployment: Deployment): WireDeployment {
  const { configuration, connectors } = deployment;
  return {
    id: deployment.id,
    name: deployment.name,
    icon: deployment.icon,
    state: deployment.state,
    failure: deployment.failure === null ? null : wireFailure(deployment.failure),
    configuration: configuration === null ? {} : { ...configurationRecord(configuration) },
    created_at: deployment.createdAt,
    updated_at: deployment.updatedAt,
    template_yaml: deployment.templateYaml,
    deletion_status: deployment.deletionStatus,
    connected_servers: connectors.map(({ id, name }) => ({ id, name })),
    connector_id: connectors[0]?.id ?? null,
    server_id: deployment.serverId,
    task_role_arn: deployment.taskRoleArn,
    deployment_outputs: { ...deployment.outputs },
    deployment_url: deployment.url,
    mcp_url: configuration?.service.path === undefined ? null : deployment.url + configuration.service.path,
    server_url: configuration === null ? null : deployment.url,
    latest_history_id: deployment.latestRelease?.id ?? null,
    serving_history_id: deployment.servingReleaseId,
    deletion_failure: deployment.deletionFailure === null ? null : wireFailure(deployment.deletionFailure),
    created_by: deployment.createdBy,
  };
}

/** What a check found. */
export function wireValidation(validation: Validation): WireYamlValidity {
  return {
    valid: validation.valid,
    error: validation.error ?? null,
    parsed_config: validation.parsedConfig === undefined ? null : { ...configurationRecord(validation.parsedConfig) },
    issues: [...validation.issues],
    warnings: [...validation.warnings],
  };
}
