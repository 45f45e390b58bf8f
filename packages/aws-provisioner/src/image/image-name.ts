// Reads the name of an image: in which registry and repository it is, and by which tag or digest it is named.
import type { WorkloadSpec } from '@runlayer/provisioner';
import type { AwsContext } from '../calls/context.ts';
import { platformNamesOf } from '../platform-names.ts';
import { partitionOf } from '../resources/arns.ts';

/** The parts of `host/repository:tag@digest`. */
export interface ImageName {
  /** Host with its port; left out for Docker Hub. */
  readonly host: string | undefined;
  readonly repository: string;
  readonly tag: string | undefined;
  /** `sha256:` and 64 hexadecimal digits. */
  readonly digest: string | undefined;
}

const part = '[a-z0-9]+(?:(?:\\.|_{1,2}|-+)[a-z0-9]+)*';
const hostName = '(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?|\\[[0-9a-fA-F:.]+\\])(?::[0-9]{1,5})?';
const grammar = new RegExp(`^((?:${hostName}/)?${part}(?:/${part})*)(?::(\\w[\\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$`);

/**
 * Takes a name apart; nothing for what is no name. The first part is a host where it has a dot or a colon, or is `localhost`.
 * @see https://github.com/distribution/reference/blob/main/reference.go
 */
export function parseImageName(image: string): ImageName | undefined {
  const [, name, tag, digest] = (image.length <= 512 ? grammar.exec(image) : null) ?? [];
  if (name === undefined) return undefined;
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const isHost = /[.:]/.test(first) || first === 'localhost';
  return { host: isHost ? first : undefined, repository: isHost ? name.slice(slash + 1) : name, tag, digest };
}

/** The name with this digest and without a tag, in the words of the one who wrote it. */
export function pinnedName({ host, repository }: ImageName, digest: string): string {
  return `${host === undefined ? '' : `${host}/`}${repository}@${digest}`;
}

const ecrHost = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/;

/** Whose registry of ECR an image is in. */
export interface EcrPlace {
  /** Left out for the platform's own account. */
  readonly account: string | undefined;
  readonly region: string;
}

/** Where in ECR an image is; nothing when it is in another registry. The host that is set counts as the platform's own. */
export function ecrPlaceOf(
  { options, region }: Pick<AwsContext, 'options' | 'region'>,
  { host }: Pick<ImageName, 'host'>,
): EcrPlace | undefined {
  if (host === undefined) return undefined;
  if (host === options.registryHost) return { account: undefined, region };
  const [, account, place] = ecrHost.exec(host) ?? [];
  return account === undefined || place === undefined ? undefined : { account, region: place };
}

/** The digest of an image in the repository that the platform's deployments share; nothing for an image from elsewhere. */
export async function sharedDigest(context: AwsContext, image: string): Promise<string | undefined> {
  const name = parseImageName(image);
  const place = name && ecrPlaceOf(context, name);
  if (name?.repository !== platformNamesOf(context.options.environment).repository || place?.region !== context.region) return undefined;
  return place.account === undefined || place.account === (await context.account()) ? name.digest : undefined;
}

/** Repositories of ECR that a deployment's tasks pull from: the shared one, and the one its image is in. */
export async function repositoryArnsOf(context: AwsContext, spec: Pick<WorkloadSpec, 'image'>): Promise<string[]> {
  const own = await context.account();
  const arn = (region: string, account: string, name: string): string =>
    `arn:${partitionOf(region)}:ecr:${region}:${account}:repository/${name}`;
  const name = parseImageName(spec.image);
  const place = name && ecrPlaceOf(context, name);
  const arns = [arn(context.region, own, platformNamesOf(context.options.environment).repository)];
  if (place !== undefined) arns.push(arn(place.region, place.account ?? own, name?.repository ?? ''));
  return [...new Set(arns)];
}
