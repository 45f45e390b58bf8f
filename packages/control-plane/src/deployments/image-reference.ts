// Image references as they are uploaded: checked, put into the managed registry's words, and pinned when that is quick.
import type { Platform } from '@runlayer/provisioner';
import type { Context } from '../context.ts';
import { fail } from '../error-codes.ts';

/** How long an upload waits for an image to be resolved, ms: published clients give up after five seconds. */
const resolveNowMs = 3000;

/** What an image was found to be. */
export interface Pinned {
  readonly image: string;
  readonly platform: Platform;
}

/**
 * The reference to keep. Published clients cut the repository at its first colon, which takes the address of a registry with a
 * port apart: with a managed registry only the digest is believed, and its own repository is put in front.
 * Throws `ERR_DEPLOYMENT_IMAGE_INVALID`.
 */
export function uploadedReference(reference: string, repository: string | undefined): string {
  const text = reference.trim();
  if (!/^[\w][\w.:/@+-]{0,511}$/.test(text)) {
    throw fail('ERR_DEPLOYMENT_IMAGE_INVALID', 'The image reference is empty, too long, or holds characters that no reference has.');
  }
  const digest = /@(sha256:[0-9a-f]{64})$/.exec(text)?.[1];
  if (text.includes('@') && digest === undefined) {
    throw fail('ERR_DEPLOYMENT_IMAGE_INVALID', 'The digest of the image reference is not sha256: and 64 hexadecimal digits.');
  }
  return digest === undefined || repository === undefined ? text : `${repository}@${digest}`;
}

/** What the reference points at now, if that can be told within three seconds; the release asks again otherwise. */
export async function resolveSoon(
  { images }: Pick<Context, 'images'>,
  reference: string,
  platform?: Platform,
): Promise<Pinned | undefined> {
  const signal = AbortSignal.timeout(resolveNowMs);
  const late = new Promise<undefined>((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  try {
    return await Promise.race([images.resolve(reference, { signal, platform }), late]);
  } catch {
    return undefined;
  }
}
