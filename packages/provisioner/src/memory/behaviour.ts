// What an image does in memory: serves, or fails in one of the named ways.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Failure, FailureCode } from '../failure.ts';
import type { WorkloadSpec } from '../workload.ts';

/** What an instance may use to answer a request. */
export interface MemoryContext {
  /** Variables the instance got. */
  readonly environment: Readonly<Record<string, string>>;
  /** Writes one line to the log of the instance. */
  log(line: string): void;
}

/** How one image behaves once it is started. */
export interface MemoryBehaviour {
  /** How its start fails; left out, it serves. */
  readonly failure?: FailureCode | undefined;
  /** How long it takes to become healthy, or to fail, milliseconds. Default 10. */
  readonly startMs?: number | undefined;
  /** Answers requests. Default: `GET /env` and `GET /log/<text>` as the conformance suite asks, 200 for the rest. */
  readonly handler?: ((request: IncomingMessage, response: ServerResponse, context: MemoryContext) => void) | undefined;
}

const causes: Record<FailureCode, Omit<Failure, 'code'>> = {
  image_missing: { message: 'The image does not exist.', fix: 'Build or push the image, then deploy again.', evidence: {} },
  registry_auth: { message: 'The registry refuses the credentials.', fix: 'Log in to the registry.', evidence: {} },
  wrong_architecture: {
    message: 'The image is built for another architecture.',
    fix: 'Build it for the platform of the deployment.',
    evidence: { architecture: 'arm64' },
  },
  exited_at_start: { message: 'The container exited with code 1.', fix: 'Read its last lines.', evidence: { exitCode: 1 } },
  out_of_memory: { message: 'The container ran out of memory.', fix: 'Raise infrastructure.memory.', evidence: { exitCode: 137 } },
  wrong_port: { message: 'The container listens on another port.', fix: 'Set service.port to it.', evidence: { listening: ['9999'] } },
  bound_to_loopback: {
    message: 'The container listens on loopback only.',
    fix: 'Listen on 0.0.0.0.',
    evidence: { listening: ['127.0.0.1:8000'] },
  },
  not_listening: { message: 'The container listens on no port.', fix: 'Make it listen on service.port.', evidence: { listening: [] } },
  unhealthy: { message: 'The health check of the image fails.', fix: 'Read its last lines.', evidence: {} },
  mcp_path_missing: { message: 'The MCP path answers 404.', fix: 'Correct service.path.', evidence: { httpStatus: 404 } },
  no_capacity: { message: 'The target has no room.', fix: 'Try again later.', evidence: {} },
  role_not_assumable: { message: 'A role may not be assumed.', fix: 'Correct its trust policy.', evidence: {} },
  unsupported: { message: 'The target does not support this.', fix: 'Use another target.', evidence: {} },
  cancelled: { message: 'The deployment was cancelled.', fix: 'Deploy again.', evidence: {} },
  engine_error: { message: 'The engine refused.', fix: 'Try again.', evidence: {} },
};

/** A failure with this code, with texts as a person would see them. */
export function memoryFailure(code: FailureCode, evidence: Failure['evidence'] = {}): Failure {
  return { code, ...causes[code], evidence: { ...causes[code].evidence, ...evidence } };
}

/** Failures that are found by looking at the image alone, so that nothing is created. */
export const imageFailures: ReadonlySet<FailureCode> = new Set(['image_missing', 'registry_auth', 'wrong_architecture']);

/**
 * The convention used unless a `behave` is given: an image whose reference holds `fail-` and the name of a cause
 * with dashes, such as `demo/fail-exited-at-start:1`, fails in that way. Every other image serves.
 */
export function behaveByImageName(spec: WorkloadSpec): MemoryBehaviour {
  const named = /fail-([a-z-]+)/.exec(spec.image)?.[1]?.replaceAll('-', '_') ?? '';
  return named in causes ? { failure: named as FailureCode } : {};
}
