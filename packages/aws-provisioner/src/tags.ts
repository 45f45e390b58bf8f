// Tags on everything that is made for a deployment, and the refusal to touch what does not carry them.
import { awsError } from './error-codes.ts';

/** Keys of our tags. */
export const tagKey = {
  managedBy: 'managed-by',
  environment: 'runlayer:environment',
  deployment: 'runlayer:deployment-id',
  release: 'runlayer:release-id',
  specHash: 'runlayer:spec-hash',
} as const;

/** Value of {@link tagKey.managedBy}. */
export const manager = 'runlayer';

export type Tags = Readonly<Record<string, string>>;

/** Tags of everything that belongs to a deployment. */
export function tagsOf(environment: string, deploymentId: string, extra: Tags = {}): Tags {
  return { [tagKey.managedBy]: manager, [tagKey.environment]: environment, [tagKey.deployment]: deploymentId, ...extra };
}

/** Tags as most services write them. */
export function tagList(tags: Tags): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** Tags as ECS writes them. */
export function lowerTagList(tags: Tags): { key: string; value: string }[] {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}

/** Tags as they come back, from either way of writing them. */
export function tagsFrom(
  list: readonly { Key?: string | undefined; Value?: string | undefined; key?: string | undefined; value?: string | undefined }[] = [],
): Tags {
  return Object.fromEntries(list.map((tag) => [tag.Key ?? tag.key ?? '', tag.Value ?? tag.value ?? '']));
}

/** Whether what carries `found` belongs to the deployment that `wanted` names. Extra tags do not count. */
export function isOwned(found: Tags, wanted: Tags): boolean {
  return [tagKey.managedBy, tagKey.environment, tagKey.deployment].every((key) => found[key] === wanted[key]);
}

/**
 * Refuses to go on with a resource of somebody else that has the name of ours.
 *
 * @param what The resource in words, such as `The role runlayer-default-…-task`.
 * @throws `ERR_AWS_FOREIGN_OWNER`
 */
export function demandOwned(what: string, found: Tags, wanted: Tags): void {
  if (isOwned(found, wanted)) return;
  throw awsError('ERR_AWS_FOREIGN_OWNER', `${what} exists and does not carry the tags of this deployment.`);
}

/** Tags that are missing or differ; nothing has to be written when there are none. */
export function missingTags(found: Tags, wanted: Tags): Tags {
  return Object.fromEntries(Object.entries(wanted).filter(([key, value]) => found[key] !== value));
}
