// Makes sure that a base image is on the engine: there already, pulled, or a stand-in for it.
import type Docker from 'dockerode';
import { sayOnStderr } from './say.ts';
import type { Say } from './say.ts';
import { makeStandIn, standInLabel } from './stand-in.ts';

/** What a caller may set. */
export interface BaseImageOptions {
  /** Longest silence of the registry before the pull is given up, in milliseconds. Default: 20 000. */
  readonly patience?: number | undefined;
  /** Whether to ask the registry at all. Default: true. */
  readonly pull?: boolean | undefined;
  /** Default: stderr. */
  readonly say?: Say | undefined;
}

/** How the image came to be on the engine. */
export interface BaseImage {
  readonly reference: string;
  readonly source: 'present' | 'pulled' | 'stand-in';
  /** Whether it is a stand-in, made now or earlier. */
  readonly standIn: boolean;
}

const longestPull = 600_000;

/**
 * Makes sure that the engine has the image, such as `node:24-slim`. When it cannot be pulled, a stand-in takes its name:
 * the Node that runs this process and its libraries, without a shell and without npm. Says on stderr when that happens.
 */
export async function ensureBaseImage(docker: Docker, reference: string, options: BaseImageOptions = {}): Promise<BaseImage> {
  const say = options.say ?? sayOnStderr;
  const present = await inspect(docker, reference);
  if (present !== undefined) return { reference, source: 'present', standIn: present.Config.Labels?.[standInLabel] === 'true' };
  const fault = options.pull === false ? 'not asked for' : await pull(docker, reference, options.patience ?? 20_000);
  if (fault === undefined) return { reference, source: 'pulled', standIn: false };
  await makeStandIn(docker, reference);
  say(
    `${reference} cannot be pulled (${fault}); made a stand-in for it from this machine's Node ${process.version}, without shell and npm. To get the real one later: \`docker rmi ${reference}\`.`,
  );
  return { reference, source: 'stand-in', standIn: true };
}

async function inspect(docker: Docker, reference: string): Promise<Docker.ImageInspectInfo | undefined> {
  try {
    return await docker.getImage(reference).inspect();
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return undefined;
    throw error;
  }
}

/** Pulls the image; gives the reason when it cannot be pulled. */
async function pull(docker: Docker, reference: string, patience: number): Promise<string | undefined> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), patience);
  const signal = AbortSignal.any([silence.signal, AbortSignal.timeout(longestPull)]);
  try {
    const stream = await docker.pull(reference, { abortSignal: signal });
    signal.addEventListener('abort', () =>
      (stream as NodeJS.ReadableStream & { destroy(error?: Error): void }).destroy(new Error('aborted')),
    );
    return await outcome(docker, stream, () => timer.refresh());
  } catch (error) {
    return silence.signal.aborted ? `the registry did not answer within ${patience / 1000} s` : firstLine(error);
  } finally {
    clearTimeout(timer);
  }
}

function outcome(docker: Docker, stream: NodeJS.ReadableStream, onWord: () => void): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    let fault: string | undefined;
    docker.modem.followProgress(
      stream,
      (error: Error | null) => (error === null ? resolve(fault) : reject(error)),
      (event: { error?: string }) => {
        fault ??= event.error;
        onWord();
      },
    );
  });
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]?.trim() ?? '';
}
