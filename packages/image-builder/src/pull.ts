// Pulls an image, reporting the layers as they arrive.
import type Docker from 'dockerode';
import { engineWords } from './engine-failure.ts';
import { followEngine } from './engine-stream.ts';
import type { TransferEvent } from './events.ts';
import type { RegistryAuth } from './image-builder.ts';
import { transferOf } from './transfer.ts';

/** What a pull may be given. */
export interface PullOptions {
  readonly auth?: RegistryAuth | undefined;
  /** Docker's name of the platform. */
  readonly platform?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

const silence = 120_000;

/** The engine could not pull; the message holds its words. */
export class PullRefused extends Error {
  override readonly name = 'PullRefused';
}

/** Pulls the image. Throws {@link PullRefused} with the engine's words when the registry does not give it. */
export async function* pull(docker: Docker, reference: string, { auth, platform, signal }: PullOptions): AsyncGenerator<TransferEvent> {
  const answer = await docker
    .pull(reference, {
      ...(platform === undefined ? {} : { platform }),
      ...(auth === undefined ? {} : { authconfig: auth }),
      abortSignal: signal,
    })
    .catch((error: unknown) => {
      throw (error as { statusCode?: number }).statusCode === undefined ? error : new PullRefused(engineWords(error), { cause: error });
    });
  for await (const line of followEngine(answer, { signal, silence })) {
    if (typeof line['error'] === 'string') throw new PullRefused(line['error']);
    yield* transferOf(line);
  }
}
