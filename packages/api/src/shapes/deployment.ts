// The record of a deployment, as the published client and the dashboard read it.
import { z } from '@hono/zod-openapi';
import { FailureShape } from './failure.ts';
import { pageOf, Timestamp } from './page.ts';
import { IssueShape } from './problem.ts';

/** The longest `yaml_content` that is read, bytes of UTF-8. */
export const maxYamlBytes = 2 * 1024 * 1024;

/** What was last verified. `starting`: its first release runs. `failed`: nothing serves and the last release failed. */
export const DeploymentStateShape = z
  .enum(['never_deployed', 'starting', 'serving', 'failed', 'deleting', 'deleted'])
  .openapi('DeploymentState');

export const ConnectedServerShape = z.object({ id: z.string(), name: z.string() }).openapi('ConnectedServer');

export const DeploymentShape = z
  .object({
    id: z.string(),
    name: z.string(),
    icon: z.string().nullable(),
    state: DeploymentStateShape,
    failure: z.union([FailureShape, z.null()]).describe('Why it does not serve now, as last seen at the target.'),
    configuration: z
      .record(z.string(), z.unknown())
      .describe(
        'The stored configuration with every `env` value as `***`. `aws_assume_roles` is a flat key. Empty before the first update, never null.',
      ),
    created_at: Timestamp,
    updated_at: Timestamp,
    template_yaml: z.string().nullable().describe('Ready to write as `runlayer.yaml`; present right after creation.'),
    deletion_status: z.enum(['deleting', 'deleted']).nullable(),
    connected_servers: z.array(ConnectedServerShape),
    connector_id: z.string().nullable().describe('The oldest connector registered from this deployment.'),
    server_id: z.string().describe('Server id that identity tokens for this deployment name, known before a connector exists.'),
    task_role_arn: z.string().nullable(),
    deployment_outputs: z.record(z.string(), z.string()),
    deployment_url: z.string().describe('Public address of the deployment behind the proxy.'),
    mcp_url: z.string().nullable().describe('Public address of its MCP endpoint, once the configuration names one.'),
    server_url: z.string().nullable(),
    latest_history_id: z.string().nullable(),
    serving_history_id: z.string().nullable(),
    deletion_failure: z
      .union([FailureShape, z.null()])
      .describe('Why the last attempt to take it down did not end; tried again meanwhile.'),
    created_by: z.string(),
  })
  .openapi('Deployment');

export const DeploymentPageShape = pageOf(DeploymentShape, 'DeploymentPage');

/** Documented rather than checked here: the control plane's own error says what is wrong in its own words. */
const deploymentName = z.string().min(1).max(200).openapi({ pattern: '^[a-z0-9_-]+$', maxLength: 63 });

export const CreateDeploymentShape = z
  .object({ name: deploymentName, icon: z.string().max(2000).nullable().optional() })
  .openapi('CreateDeployment');

export const UpdateDeploymentShape = z
  .object({
    yaml_content: z.string().describe('The file after substitution. At most 2 MiB.'),
    docker_image: z.string().min(1).max(1024).optional().describe('The image that was pushed, in build mode. Absent in image mode.'),
  })
  .openapi('UpdateDeployment');

export const PatchDeploymentShape = z
  .strictObject({ name: deploymentName.optional(), icon: z.string().max(2000).nullable().optional() })
  .openapi('PatchDeployment');

export const ValidateYamlShape = z
  .object({ yaml_content: z.string().describe('The file after substitution. At most 2 MiB.') })
  .openapi('ValidateYaml');

export const YamlValidityShape = z
  .object({
    valid: z.boolean(),
    error: z.string().nullable().describe('Every fault, one on a line.'),
    parsed_config: z.record(z.string(), z.unknown()).nullable().describe('The configuration with defaults, `env` values as `***`.'),
    issues: z.array(IssueShape),
    warnings: z.array(IssueShape),
  })
  .openapi('YamlValidity');

export const ExportedYamlShape = z.object({ yaml_content: z.string() }).openapi('ExportedYaml');

export const DeletionShape = z.object({ id: z.string(), deletion_status: z.enum(['deleting', 'deleted']) }).openapi('Deletion');

export const RegistryCredentialsShape = z
  .object({
    username: z.string(),
    password: z.string(),
    registry_url: z.string(),
    repository_url: z.string().describe('Without a scheme, never empty.'),
    expires_at: Timestamp.nullable(),
    deployment_mode: z.enum(['ECS', 'K8S', 'LOCAL']),
  })
  .openapi('RegistryCredentials');
