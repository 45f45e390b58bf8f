// Turns what a call to the engine throws into an error a person can act on.
import { isRunlayerError } from '@runlayer/errors';
import { imageError } from './error-codes.ts';

interface Fault {
  readonly code?: string;
  readonly syscall?: string;
  readonly statusCode?: number;
  readonly address?: string;
  readonly message?: string;
}

const noConnection = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'];
const lostConnection = ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'];

/** The error for a failed call. What is one of ours already stays as it is. `doing` completes "while …". */
export function engineFailure(error: unknown, doing: string, signal?: AbortSignal): Error {
  if (isRunlayerError(error)) return error;
  if (signal?.aborted === true) return imageError('ERR_IMAGE_CANCELLED', `Cancelled while ${doing}.`, { cause: error });
  const fault = (typeof error === 'object' && error !== null ? error : {}) as Fault;
  if (fault.syscall === 'connect' || noConnection.includes(fault.code ?? '')) return unreachable(fault, error);
  if (lostConnection.includes(fault.code ?? '')) {
    return imageError('ERR_IMAGE_ENGINE_UNREACHABLE', `The connection to the Docker engine was lost while ${doing}.`, { cause: error });
  }
  const words = engineWords(error);
  if (isNoSpace(words))
    return imageError('ERR_IMAGE_NO_SPACE', `The Docker engine has no disk space left: it failed while ${doing}.`, { cause: error });
  return imageError('ERR_IMAGE_ENGINE_REFUSED', `The Docker engine refused while ${doing}: ${words}`, { cause: error });
}

function unreachable(fault: Fault, cause: unknown): Error {
  const place = process.env['DOCKER_HOST'] ?? fault.address ?? '/var/run/docker.sock';
  if (fault.code === 'EACCES') {
    const hint = 'Add yourself to the group with `sudo usermod -aG docker $USER`, and log in again.';
    return imageError('ERR_IMAGE_ENGINE_UNREACHABLE', `You may not use the Docker engine at ${place}.`, { hint, cause });
  }
  return imageError('ERR_IMAGE_ENGINE_UNREACHABLE', `No Docker engine answers at ${place}.`, { cause });
}

/** What the engine said, without dockerode's frame, at most 600 characters. */
export function engineWords(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message
    .replace(/^\(HTTP code \d+\) [^-]* - /, '')
    .trim()
    .slice(0, 600);
}

/** Whether the words tell of a full disk. */
export function isNoSpace(words: string): boolean {
  return /no space left on device|disk quota exceeded/i.test(words);
}

/** Whether the engine answered with this HTTP status. */
export function hasStatus(error: unknown, status: number): boolean {
  return typeof error === 'object' && error !== null && (error as Fault).statusCode === status;
}
