// Runs one short command in a container and gives what it printed.
import type Docker from 'dockerode';
import { readFrames } from './log-frames.ts';

/** More than this is not read. */
const mostCharacters = 256 * 1024;

/** Standard output of a command, which gets 2 seconds. Rejects where the command cannot be started. */
export async function execOutput(docker: Docker, containerId: string, command: readonly string[]): Promise<string> {
  const exec = await docker.getContainer(containerId).exec({ Cmd: [...command], AttachStdout: true, AttachStderr: false });
  const stream = await exec.start({});
  const timer = setTimeout(() => stream.destroy(), 2000);
  let output = '';
  try {
    for await (const frame of readFrames(stream)) {
      output += frame.bytes.toString('latin1');
      if (output.length > mostCharacters) break;
    }
  } finally {
    clearTimeout(timer);
    stream.destroy();
  }
  return output;
}
