// Reads from the engine's words why a push failed.
import { isNoSpace } from './engine-failure.ts';
import { imageError } from './error-codes.ts';
import type { Reference } from './reference.ts';
import { registryReason } from './registry-reason.ts';

/** The error for a push of this image that failed with these words. */
export function pushFailure(words: string, { registry, repository, tag }: Reference): Error {
  const data = { registry, repository };
  if (/does not exist locally|No such image/i.test(words)) {
    return imageError('ERR_IMAGE_NOT_FOUND', `There is no image ${repository}:${tag ?? 'latest'} on the engine to push.`, { data });
  }
  if (isNoSpace(words))
    return imageError('ERR_IMAGE_NO_SPACE', `${registry} or the Docker engine has no disk space left for ${repository}.`, { data });
  // ECR says so with a 404, others with a code of the registry API.
  if (/name unknown|NAME_UNKNOWN|repository .* (?:does not exist|not found)|repository name not known/i.test(words)) {
    return imageError('ERR_REGISTRY_REPOSITORY_UNKNOWN', `${registry} has no repository for ${repository}.`, { data });
  }
  switch (registryReason(words)) {
    case 'denied':
      return imageError('ERR_REGISTRY_DENIED', `${registry} does not let you push to ${repository}.`, { data });
    case 'insecure':
      return imageError('ERR_REGISTRY_INSECURE', `${registry} speaks plain HTTP, and the Docker engine expects HTTPS of it.`, { data });
    case 'network':
      return imageError('ERR_REGISTRY_UNREACHABLE', `The Docker engine does not reach ${registry}.`, { data });
    default:
      return imageError('ERR_REGISTRY_PUSH_FAILED', `The push of ${repository} to ${registry} failed: ${words.slice(0, 400)}`, { data });
  }
}
