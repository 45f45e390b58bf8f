// Releases (wire: history entries): one attempt each to bring a deployment to a configuration and image.
import { z } from '@hono/zod-openapi';
import { DeploymentStateShape } from './deployment.ts';
import { FailureShape } from './failure.ts';
import { pageOf, queryInteger, Timestamp } from './page.ts';

/** `succeeded` and `failed` end a poll of the published client, any other word goes on. `cancelled`: destroyed meanwhile. */
export const ReleaseStatusShape = z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']).openapi('ReleaseStatus');

export const ReleaseShape = z
  .object({
    id: z.string().describe('The history id.'),
    deployment_id: z.string(),
    number: z.number().int().describe('Counts the releases of one deployment from 1.'),
    request_id: z.string(),
    status: ReleaseStatusShape,
    docker_image: z.string().describe('As it was uploaded.'),
    pinned_image: z.string().nullable().describe('What that was found to be: a digest or an image id.'),
    configuration: z.record(z.string(), z.unknown()).describe('With every `env` value as `***`.'),
    failure: z.union([FailureShape, z.null()]),
    error: z.string().optional().describe('The failure in one text. Left out when there is none.'),
    still_serving: z.string().nullable().describe('Release that goes on serving after this one failed.'),
    created_by: z.string(),
    created_at: Timestamp,
    started_at: Timestamp.nullable(),
    finished_at: Timestamp.nullable(),
  })
  .openapi('Release');

export const ReleasePageShape = pageOf(ReleaseShape, 'ReleasePage');

export const TriggeredShape = z
  .object({ deployment_id: z.string(), request_id: z.string(), status: ReleaseStatusShape, history_id: z.string() })
  .openapi('Triggered');

export const DeploymentStatusShape = z
  .object({
    deployment_id: z.string(),
    history_id: z.string().nullable(),
    status: z
      .enum(['not_deployed', 'queued', 'running', 'succeeded', 'failed'])
      .describe('Of the newest release. A cancelled one is `failed` here: the published client waits on any word it does not know.'),
    error: z.string().optional().describe('Left out when there is none: the published client prints the key whenever it is there.'),
    failure: FailureShape.optional(),
    state: DeploymentStateShape,
    deletion_status: z.enum(['deleting', 'deleted']).nullable(),
  })
  .openapi('DeploymentStatus');

export const ReleaseLogsQuery = z.object({
  after: queryInteger(0, 999_999_999, 'Only what came after so many lines. Default 0: everything, which the published client counts on.'),
});

export const ReleaseLogsShape = z
  .object({
    logs: z.string().describe('Whole lines joined by a newline, without one at the end. Only ever grows.'),
    lines: z.number().int().describe('How many lines there are by now, those before `after` included.'),
  })
  .openapi('ReleaseLogs');

export const ContainerLogLineShape = z
  .object({ time: Timestamp, stream: z.enum(['stdout', 'stderr']), line: z.string() })
  .openapi('ContainerLogLine');

export const ContainerLogsShape = z.object({ lines: z.array(ContainerLogLineShape) }).openapi('ContainerLogs');

export const ContainerLogsQuery = z.object({
  tail: queryInteger(1, 5000, 'Only the last so many lines. Default 200.'),
  since: z.iso.datetime({ offset: true }).optional().describe('Only lines at or after this time, ISO 8601.'),
});
