// One thing that all deployments share: how it is looked at, made, and corrected.
import { awaited, exists, isNotFound, settled } from '../calls/aws-error.ts';
import { awsError } from '../error-codes.ts';
import { isOwned, type Tags } from '../tags.ts';
import { type BootstrapContext, regionTag } from './bootstrap-options.ts';
import type { BootstrapResource, BootstrapStep } from './bootstrap-plan.ts';

/** A part of the platform. Only `create` and the corrections change anything. */
export interface Part {
  readonly resource: BootstrapResource;
  readonly name: string;
  /** What it is like once it is made, for people. */
  readonly features: readonly string[];
  /** Reads it. @throws `ERR_AWS_FOREIGN_OWNER` When the name is somebody else's. */
  look(): Promise<Seen | undefined>;
  /** Makes it with its tags in one call, so that a process killed after it leaves nothing without an owner. */
  create(): Promise<unknown>;
}

/** A part as it is now. */
export interface Seen {
  /** Id or ARN, where others need it. */
  readonly id?: string | undefined;
  /** What differs, in words, and the call that corrects it; each safe to repeat. */
  readonly corrections: Readonly<Record<string, () => Promise<unknown>>>;
}

/** What would happen to a part. */
export function stepOf({ resource, name, features }: Part, seen: Seen | undefined): BootstrapStep {
  if (seen === undefined) return { resource, name, action: 'create', details: features };
  const details = Object.keys(seen.corrections);
  return { resource, name, action: details.length === 0 ? 'none' : 'change', details };
}

/** Makes a part, or corrects what differs; where it is right already, nothing but reads happens. */
export async function converge({ aws }: BootstrapContext, part: Part): Promise<{ readonly step: BootstrapStep; readonly seen: Seen }> {
  let isMade = false;
  const seen = await awaited(aws, `the ${part.name} exists`, async () => {
    const found = await part.look();
    if (found !== undefined) return found;
    isMade = true;
    await unlessTaken(settled(aws, () => part.create()));
    return undefined;
  });
  // A part may not be known everywhere yet right after its making.
  for (const correct of Object.values(seen.corrections)) await settled(aws, correct, isNotFound);
  return { step: stepOf(part, isMade ? undefined : seen), seen };
}

/** A name that is taken though nothing was seen: an answer was lost, or another run is at it. The next look tells. */
async function unlessTaken(creation: Promise<unknown>): Promise<void> {
  await creation.catch((error: unknown) => {
    if (!exists(error)) throw error;
  });
}

/** @throws `ERR_AWS_FOREIGN_OWNER` Unless it carries the tags of this installation, and of no deployment. */
export function demandOurs(what: string, found: Tags, { tags }: BootstrapContext): void {
  if (!isOwned(found, tags)) {
    throw awsError('ERR_AWS_FOREIGN_OWNER', `${what} exists and does not carry the tags of this installation.`);
  }
  const region = found[regionTag];
  if (region === undefined || region === tags[regionTag]) return;
  throw awsError('ERR_AWS_FOREIGN_OWNER', `${what} belongs to an installation of the same name in ${region}.`, {
    hint: 'Give this one another environment name: roles and policies are the same in all regions of an account.',
  });
}
