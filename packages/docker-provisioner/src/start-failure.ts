// Names the cause of a container that does not serve, from what was observed of it.
import type { Evidence, Failure, WorkloadSpec } from '@runlayer/provisioner';
import type { ContainerInspectInfo } from 'dockerode';
import type { Answer } from '@runlayer/provisioner/driver';
import { type Listener, listenerText } from './listening.ts';

type State = Pick<ContainerInspectInfo['State'], 'ExitCode' | 'OOMKilled' | 'Error'>;

/** Why a container ended, told from its state and its last lines. */
export function exitFailure(state: State, lastLines: readonly string[], memoryMiB: number | undefined): Failure {
  const exitCode = state.ExitCode;
  const evidence: Evidence = { exitCode, ...(lastLines.length === 0 ? {} : { lastLines }) };
  if (state.OOMKilled) {
    const limit = memoryMiB === undefined ? 'its memory limit' : `its memory limit of ${memoryMiB} MiB`;
    return {
      code: 'out_of_memory',
      message: `The container was killed for exceeding ${limit}.`,
      fix: 'Raise infrastructure.memory, or make the server use less.',
      evidence,
    };
  }
  // Written by the engine or by its init process, when the kernel cannot run the file.
  if ([state.Error, ...lastLines].some((text) => /exec format error/i.test(text))) {
    return {
      code: 'wrong_architecture',
      message: 'The command of the image is built for another architecture than this engine runs ("exec format error").',
      fix: 'Build the image for the architecture of this machine (build.platform).',
      evidence,
    };
  }
  return { code: 'exited_at_start', message: exitMessage(exitCode), fix: exitFix(exitCode), evidence };
}

function exitMessage(code: number): string {
  if (code === 0) return 'The container ended by itself with code 0: its command does not keep running.';
  if (code === 126 || code === 127) return `The command of the image could not be run (exit code ${code}).`;
  if (code > 128) return `The container was ended by signal ${code - 128} (exit code ${code}).`;
  return `The container exited with code ${code}.`;
}

function exitFix(code: number): string {
  if (code === 0) return 'Make CMD start the server in the foreground.';
  if (code === 126 || code === 127)
    return 'Check that CMD or ENTRYPOINT names a file of the image that may be executed, and that its interpreter is there.';
  return 'Read its last lines; a missing variable is the most frequent cause (add it to env).';
}

/** Why a running container does not answer, as far as it can be told now. */
export function silenceFailure(
  spec: Pick<WorkloadSpec, 'port' | 'path'>,
  answer: Answer,
  listeners: readonly Listener[] | undefined,
): Failure {
  const { port } = spec;
  if (answer.kind === 'path_missing') {
    return {
      code: 'mcp_path_missing',
      message: `The server answers on port ${port}, but has nothing at ${spec.path ?? '/'} (404).`,
      fix: 'Set service.path to the path of its MCP endpoint, such as /mcp.',
      evidence: { httpStatus: answer.status },
    };
  }
  const evidence: Evidence = listeners === undefined ? {} : { listening: listeners.map(listenerText) };
  const there = listeners?.filter((listener) => listener.port === port) ?? [];
  if (there.length > 0 && there.every(({ loopback }) => loopback)) {
    return {
      code: 'bound_to_loopback',
      message: `The container listens on 127.0.0.1:${port} only, which nothing outside it can reach.`,
      fix: 'Make the server listen on 0.0.0.0 (often a HOST variable or a --host option).',
      evidence,
    };
  }
  if (there.length > 0 || (listeners === undefined && answer.kind === 'silent' && answer.connected)) {
    return {
      code: 'unhealthy',
      message: `The container accepts connections on port ${port}, but gives no HTTP answer.`,
      fix: 'Check that the server speaks HTTP (not HTTPS, not stdio) on service.port, and its log.',
      evidence,
    };
  }
  return elsewhere(port, listeners ?? [], evidence);
}

function elsewhere(port: number, listeners: readonly Listener[], evidence: Evidence): Failure {
  const [first] = listeners;
  if (first === undefined) {
    return {
      code: 'not_listening',
      message: `Nothing in the container listens on port ${port}.`,
      fix: `Make the server listen on 0.0.0.0:${port}, or correct service.port.`,
      evidence,
    };
  }
  const candidate = listeners.find(({ loopback }) => !loopback) ?? first;
  const named = listeners.map(listenerText).join(' and ');
  const bind = candidate.loopback ? ', and let the server listen on 0.0.0.0' : '';
  return {
    code: 'wrong_port',
    message: `The container listens on ${named}, not on ${port}.`,
    fix: `Set service.port to ${candidate.port}${bind}, or make the server listen on ${port}.`,
    evidence,
  };
}

interface Health {
  readonly Status?: string;
  readonly Log?: readonly { readonly ExitCode: number; readonly Output: string }[];
}

/** The failure of a container whose image declares a health check that has not succeeded. */
export function healthcheckFailure(health: Health, redact: (text: string) => string): Failure {
  const last = health.Log?.at(-1);
  const lines = (last?.Output ?? '').split('\n').filter((line) => line.trim() !== '');
  const evidence: Evidence = lines.length === 0 ? {} : { lastLines: lines.slice(-20).map((line) => redact(line).slice(0, 500)) };
  if (last === undefined) {
    return {
      code: 'unhealthy',
      message: 'The health check of the image has not run yet.',
      fix: 'Give the HEALTHCHECK of the Dockerfile a short --interval, such as 2s: the engine waits that long before the first check.',
      evidence,
    };
  }
  return {
    code: 'unhealthy',
    message: `The health check of the image fails (exit code ${last.ExitCode}).`,
    fix: 'Read what the check printed and the log of the container; correct the server or the HEALTHCHECK of the Dockerfile.',
    evidence,
  };
}
