// Names the cause of a task that stopped, from what ECS and the container said.
import type { Task } from '@aws-sdk/client-ecs';
import type { Evidence, Failure, FailureCode } from '@runlayer/provisioner';

/** What is known of a task that stopped. */
export interface Ended {
  readonly task: Pick<Task, 'stopCode' | 'stoppedReason' | 'containers'>;
  /** Last lines of its log, free of secrets. */
  readonly lastLines: readonly string[];
  readonly memoryMiB?: number | undefined;
}

interface Cause {
  readonly pattern: RegExp;
  readonly code: FailureCode;
  readonly message: string;
  readonly fix: string;
}

/**
 * Reasons of ECS that have a cause of their own; the first that fits counts.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
 */
const causes: readonly Cause[] = [
  {
    pattern: /OutOfMemory/i,
    code: 'out_of_memory',
    message: 'The container was killed for exceeding its memory limit.',
    fix: 'Raise infrastructure.memory, or make the server use less.',
  },
  {
    pattern: /exec format error|descriptor matching platform|does not match the specified platform/i,
    code: 'wrong_architecture',
    message: 'The image is built for another architecture than the task has.',
    fix: 'Build the image for infrastructure.platform, or correct it: x86 is linux/amd64, arm is linux/arm64.',
  },
  {
    pattern: /CannotPull.*(denied|unauthorized|no basic auth|authorization|not authorized)/is,
    code: 'registry_auth',
    message: 'The registry does not let the task pull the image.',
    fix: "Use an image of the deployment's own repository, or let its execution role read the one it is in.",
  },
  {
    pattern: /CannotPull.*(not found|unknown|does not exist|no such)/is,
    code: 'image_missing',
    message: 'The registry does not have the image.',
    fix: 'Push the image again, then deploy.',
  },
  {
    pattern: /CannotPull/i,
    code: 'image_missing',
    message: 'The image could not be pulled.',
    fix: 'Check that the image exists and that the subnets have a way to its registry (NAT, or endpoints for ECR and S3).',
  },
  {
    pattern: /assume( the)? (execution |task )?role|sts:AssumeRole/i,
    code: 'role_not_assumable',
    message: 'ECS may not use the roles of the task.',
    fix: 'Deploy again in a minute; if it stays so, look for a policy that keeps ecs-tasks.amazonaws.com from assuming the roles.',
  },
  {
    pattern: /reached the limit on the number of (vCPUs|tasks)/i,
    code: 'no_capacity',
    message: 'The account runs as many Fargate tasks as its quota allows.',
    fix: 'Raise the Fargate quotas of the account in Service Quotas, or take down what is not needed.',
  },
  {
    pattern: /Capacity is unavailable|RESOURCE:|no capacity|insufficient capacity/i,
    code: 'no_capacity',
    message: 'AWS has no capacity for the task now.',
    fix: 'Deploy again later, give the platform subnets in more zones, or ask for a smaller task.',
  },
  {
    pattern: /health check/i,
    code: 'unhealthy',
    message: 'The task fails its health checks.',
    fix: 'Read its last lines; correct the server or its health check.',
  },
  {
    pattern: /ResourceInitializationError.*(AccessDenied|not authorized|KMS)/is,
    code: 'engine_error',
    message: 'The execution role of the task may not read what the task starts with.',
    fix: 'Deploy again in a minute; if it stays so, look for a permissions boundary, an organization policy or a KMS key that denies it.',
  },
  {
    pattern: /ResourceInitializationError/i,
    code: 'engine_error',
    message: 'The task could not be prepared.',
    fix: 'Check that the subnets have a way to Secrets Manager, ECR and CloudWatch Logs (NAT or endpoints).',
  },
];

/** Why a task ended. */
export function taskFailure({ task, lastLines, memoryMiB }: Ended): Failure {
  const container = task.containers?.[0];
  const exitCode = container?.exitCode;
  const said = [container?.reason, task.stoppedReason].filter((text) => text !== undefined && text !== '').join('; ');
  const cause = causes.find(({ pattern }) => pattern.test(said)) ?? causes.find(({ pattern }) => isFormatError(pattern, lastLines));
  const evidence: Evidence = { ...(exitCode === undefined ? {} : { exitCode }), ...evidenceOf(lastLines) };
  if (cause !== undefined) {
    const limit = cause.code === 'out_of_memory' && memoryMiB !== undefined ? ` It has ${memoryMiB} MiB.` : '';
    return { code: cause.code, message: `${cause.message}${limit} ${quoted(said)}`.trim(), fix: cause.fix, evidence };
  }
  if (exitCode !== undefined) return { code: 'exited_at_start', message: exitMessage(exitCode), fix: exitFix(exitCode), evidence };
  return {
    code: 'engine_error',
    message: said === '' ? 'The task stopped, and ECS does not say why.' : `The task stopped. ${quoted(said)}`,
    fix: 'Deploy again.',
    evidence,
  };
}

function isFormatError(pattern: RegExp, lines: readonly string[]): boolean {
  return pattern.source.startsWith('exec format') && lines.some((line) => /exec format error/i.test(line));
}

/** Last lines as evidence: at most 20 of at most 500 characters. */
export function evidenceOf(lastLines: readonly string[]): Evidence {
  return lastLines.length === 0 ? {} : { lastLines: lastLines.slice(-20).map((line) => line.slice(0, 500)) };
}

function quoted(said: string): string {
  return said === '' ? '' : `ECS says: ${said.slice(0, 300).replace(/[.\s]+$/, '')}.`;
}

function exitMessage(code: number): string {
  if (code === 0) return 'The container ended by itself with code 0: its command does not keep running.';
  if (code === 126 || code === 127) return `The command of the image could not be run (exit code ${code}).`;
  if (code > 128) return `The container was ended by signal ${code - 128} (exit code ${code}).`;
  return `The container exited with code ${code}.`;
}

function exitFix(code: number): string {
  if (code === 0) return 'Make CMD start the server in the foreground.';
  if (code === 126 || code === 127) return 'Check that CMD or ENTRYPOINT names a file of the image that may be executed.';
  return 'Read its last lines; a missing variable is the most frequent cause (add it to env).';
}

/** A refusal to start a task at all, such as one for want of capacity. */
export function placementFailure(reason: string): Failure {
  return taskFailure({ task: { stoppedReason: reason }, lastLines: [] });
}
