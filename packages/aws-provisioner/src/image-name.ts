// Reads the name of an image: in which registry and repository it is, and by which digest it is pinned.
import type { WorkloadSpec } from '@runlayer/provisioner';
import type { AwsContext } from './context.ts';
import { partitionOf } from './resources/arns.ts';

/** The parts of `host/repository:tag@digest`. */
export interface ImageName {
  /** Host with its port; left out for Docker Hub. */
  readonly host: string | undefined;
  readonly repository: string;
  readonly digest: string | undefined;
}

/** Takes a name apart. The first part is a host where it has a dot or a colon, or is `localhost`. */
export function parseImageName(image: string): ImageName {
  const [name = '', digest] = image.split('@');
  const untagged = name.replace(/:[^/:]*$/, '');
  const slash = untagged.indexOf('/');
  const first = slash < 0 ? '' : untagged.slice(0, slash);
  const isHost = first.includes('.') || first.includes(':') || first === 'localhost';
  return { host: isHost ? first : undefined, repository: isHost ? untagged.slice(slash + 1) : untagged, digest };
}

const ecrHost = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/;

/** Whose registry of ECR an image is in. */
export interface EcrPlace {
  /** Left out for the platform's own account. */
  readonly account: string | undefined;
  readonly region: string;
}

/** Where in ECR an image is; nothing when it is in another registry. The host that is set counts as the platform's own. */
export function ecrPlaceOf({ options, region }: Pick<AwsContext, 'options' | 'region'>, image: string): EcrPlace | undefined {
  const { host } = parseImageName(image);
  if (host === undefined) return undefined;
  if (host === options.registryHost) return { account: undefined, region };
  const [, account, place] = ecrHost.exec(host) ?? [];
  return account === undefined || place === undefined ? undefined : { account, region: place };
}

/** Repositories of ECR that a deployment's tasks pull from: its own, and the one its image is in. */
export async function repositoryArnsOf(context: AwsContext, spec: Pick<WorkloadSpec, 'deploymentId' | 'image'>): Promise<string[]> {
  const own = await context.account();
  const arn = (region: string, account: string, name: string): string =>
    `arn:${partitionOf(region)}:ecr:${region}:${account}:repository/${name}`;
  const place = ecrPlaceOf(context, spec.image);
  const arns = [arn(context.region, own, context.names(spec.deploymentId).repository)];
  if (place !== undefined) arns.push(arn(place.region, place.account ?? own, parseImageName(spec.image).repository));
  return [...new Set(arns)];
}
