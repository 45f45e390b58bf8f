// Starts a build on the engine, and sees to it that the session dockerode opens for BuildKit is closed again.
import type { Duplex, Readable } from 'node:stream';
import type Docker from 'dockerode';

/** A build that the engine has begun. */
export interface StartedBuild {
  readonly answer: NodeJS.ReadableStream;
  close(): void;
}

type Dial = (options: { path: string }, callback: (error: Error | null, result: Duplex | null) => void) => void;

/**
 * Sends the context. With `options.version` `'2'` dockerode also opens a session, over which BuildKit asks for credentials: it gets none.
 * dockerode closes it only when the answer is read to its end, so its connection is caught here and closed in every case.
 */
export async function startBuild(docker: Docker, context: Readable, options: Docker.ImageBuildOptions): Promise<StartedBuild> {
  const sessions: Duplex[] = [];
  const modem = Object.create(docker.modem) as Docker['modem'];
  const dial: Dial = (request, callback) =>
    (docker.modem.dial as Dial).call(docker.modem, request, (error, result) => {
      if (request.path === '/session' && result !== null) sessions.push(result);
      callback(error, result);
    });
  modem.dial = dial as typeof modem.dial;
  const engine = Object.create(docker) as Docker;
  engine.modem = modem;
  const close = (): void => {
    for (const session of sessions) session.destroy();
    context.destroy();
  };
  try {
    return { answer: await engine.buildImage(context, options), close };
  } catch (error) {
    close();
    throw error;
  }
}
