// The story of the tool: get an engine, do the work with it, leave the machine as it was.
import { chooseEngine } from './choose-engine.ts';
import { gatherFacts } from './facts.ts';
import { installEngine } from './install-engine.ts';
import { sayOnStderr } from './say.ts';
import type { Say } from './say.ts';
import { startEngine } from './start-engine.ts';

/** What a caller may set. */
export interface DockerOptions {
  /** Go on without Docker when there is none, and install nothing outside CI. Default: false. */
  readonly optional?: boolean | undefined;
  /** Ends the preparation; the work watches it by itself. */
  readonly signal?: AbortSignal | undefined;
  /** Default: stderr. */
  readonly say?: Say | undefined;
}

/** There is no Docker engine here; the message is one sentence on what to do about it. */
export class NoDocker extends Error {
  override readonly name = 'NoDocker';
}

interface Engine {
  readonly host: string | undefined;
  stop(): Promise<void>;
}

const nothingToStop = (): Promise<void> => Promise.resolve();

/**
 * Runs the work with the `DOCKER_HOST` of an engine: the running one, or one that is started for it and stopped after it, whatever happens.
 * With `optional`, the work may get `undefined`.
 * @throws {NoDocker} when there is none and it is not optional; nothing was changed on the machine then.
 */
export async function withDocker<Result>(
  work: (host: string | undefined) => Promise<Result>,
  options: DockerOptions = {},
): Promise<Result> {
  const engine = await findOrStart(options, true);
  try {
    return await work(engine.host);
  } finally {
    await engine.stop();
  }
}

async function findOrStart(options: DockerOptions, mayInstall: boolean): Promise<Engine> {
  const say = options.say ?? sayOnStderr;
  const signal = options.signal ?? new AbortController().signal;
  const choice = chooseEngine(await gatherFacts(options.optional === true));
  switch (choice.kind) {
    case 'use':
      return { host: choice.host, stop: nothingToStop };
    case 'start':
      say(`no Docker engine is running; starting ${choice.dockerd} for the time of this command.`);
      return startEngine(choice.dockerd, signal);
    case 'install':
      if (mayInstall && (await installEngine(choice.ask, say, signal))) return findOrStart(options, false);
      return without('Docker is needed: install it with `apt-get install docker.io`, then try again.', options, say);
    case 'none':
      return without(choice.sentence, options, say);
  }
}

function without(sentence: string, options: DockerOptions, say: Say): Engine {
  if (options.optional !== true) throw new NoDocker(sentence);
  say(`going on without Docker. ${sentence}`);
  return { host: undefined, stop: nothingToStop };
}
