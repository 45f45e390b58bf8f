// Names what is wrong with a task that runs and does not answer.
import type { Failure } from '@runlayer/provisioner';
import type { Answer } from '@runlayer/provisioner/driver';
import { evidenceOf } from './task-failure.ts';

/** Why a running task does not answer, as far as it can be told from outside. */
export function silenceFailure(port: number, path: string | undefined, answer: Answer, lastLines: readonly string[] = []): Failure {
  const evidence = evidenceOf(lastLines);
  if (answer.kind === 'path_missing') {
    return {
      code: 'mcp_path_missing',
      message: `The server answers on port ${port}, but has nothing at ${path ?? '/'} (404).`,
      fix: 'Set service.path to the path of its MCP endpoint, such as /mcp.',
      evidence: { ...evidence, httpStatus: answer.status },
    };
  }
  if (answer.kind === 'silent' && answer.connected) {
    return {
      code: 'unhealthy',
      message: `The container accepts connections on port ${port}, but gives no HTTP answer.`,
      fix: 'Check that the server speaks HTTP (not HTTPS, not stdio) on service.port, and its log.',
      evidence,
    };
  }
  return {
    code: 'not_listening',
    message: `Nothing in the task answers on port ${port}.`,
    fix: `Set service.port to the port the server listens on, and make it listen on 0.0.0.0, not on 127.0.0.1.`,
    evidence,
  };
}
