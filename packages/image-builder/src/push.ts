// The story of a push: send the layers, learn the digest.
import type Docker from 'dockerode';
import { engineFailure, engineWords } from './engine-failure.ts';
import { EngineSilent, followEngine } from './engine-stream.ts';
import { imageError } from './error-codes.ts';
import type { PushEvent } from './events.ts';
import type { RegistryAuth } from './image-builder.ts';
import { pushFailure } from './push-failure.ts';
import { parseReference } from './reference.ts';
import type { Reference } from './reference.ts';
import { transferOf } from './transfer.ts';

// A registry may think long about a large layer that has arrived.
const silence = 300_000;

/** Pushes a tagged image; see `ImageBuilder.push`. */
export async function* push(
  docker: Docker,
  reference: string,
  auth: RegistryAuth | undefined,
  signal?: AbortSignal,
): AsyncGenerator<PushEvent> {
  const name = taggedName(reference);
  // Without this header older engines refuse the call, also where no credentials are needed.
  const authconfig = auth === undefined ? {} : { serveraddress: name.registry, ...auth };
  try {
    const answer = await docker.getImage(name.repository).push({ tag: name.tag, authconfig, abortSignal: signal });
    let digest: string | undefined;
    for await (const line of followEngine(answer, { signal, silence })) {
      if (typeof line['error'] === 'string') throw pushFailure(line['error'], name);
      const pushed = (line['aux'] as { Digest?: unknown } | null | undefined)?.Digest;
      if (typeof pushed === 'string') digest = pushed;
      yield* transferOf(line);
    }
    digest ??= await askDigest(docker, name, authconfig);
    yield { type: 'pushed', digest, image: `${name.repository}@${digest}` };
  } catch (error) {
    throw explain(error, name, signal);
  }
}

function taggedName(reference: string): Reference & { readonly tag: string } {
  const name = parseReference(reference);
  if (name === undefined || name.digest !== undefined) {
    throw imageError('ERR_IMAGE_REFERENCE_INVALID', `"${reference.slice(0, 200)}" is no name to push to.`, {
      hint: 'Write it as registry/repository:tag.',
    });
  }
  return { ...name, tag: name.tag ?? 'latest' };
}

/** Engines that do not tell the digest in their answer can ask the registry for it. */
async function askDigest(docker: Docker, name: Reference, authconfig: object): Promise<string> {
  const image = docker.getImage(`${name.repository}:${name.tag}`);
  // dockerode's types know this call only with a callback.
  const ask = image.distribution.bind(image) as unknown as (options: object) => Promise<{ Descriptor?: { digest?: string } }>;
  const found = await ask({ authconfig });
  if (found.Descriptor?.digest === undefined) throw new Error('the registry did not tell the digest');
  return found.Descriptor.digest;
}

function explain(error: unknown, name: Reference, signal: AbortSignal | undefined): Error {
  if (error instanceof EngineSilent) return pushFailure('i/o timeout', name);
  const status = (error as { statusCode?: number } | null)?.statusCode;
  if (signal?.aborted !== true && status !== undefined) return pushFailure(engineWords(error), name);
  return engineFailure(error, `pushing ${name.repository}`, signal);
}
