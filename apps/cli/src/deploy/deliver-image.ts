// Brings a built image to where the platform runs it, and says how the platform shall name it.
import type { PushEvent } from '@runlayer/image-builder';
import { cliError } from '../error-codes.ts';
import type { Progress } from '../output/report.ts';
import { megabytes, type BuiltImage } from './build-image.ts';
import type { DeployWorld } from './world.ts';

/** Tags, and pushes unless client and platform share the engine. @returns the reference to deploy */
export async function deliverImage(
  { builder, imageId }: BuiltImage,
  deploymentId: string,
  { client, report, signal }: DeployWorld,
): Promise<string> {
  const credentials = await client.deployments.registryCredentials({ signal });
  if (credentials.deployment_mode === 'LOCAL') {
    const tag = `runlayer-local:${deploymentId}`;
    await builder.tag(imageId, tag);
    return tag;
  }
  const repository = credentials.repository_url.replace(/^https?:\/\//, '');
  const reference = `${repository}:${deploymentId}`;
  await builder.tag(imageId, reference);
  const { username, password, registry_url } = credentials;
  const auth = username === '' ? undefined : { username, password, serveraddress: registry_url.replace(/^https?:\/\//, '') };
  const digest = await report.working(`Pushing to ${repository}`, (progress) =>
    digestOf(builder.push(reference, auth, { signal }), progress),
  );
  report.event({ type: 'pushed', image: `${repository}@${digest}` }, `Pushed ${repository}@${digest}`);
  return `${repository}@${digest}`;
}

async function digestOf(events: AsyncIterable<PushEvent>, progress: Progress): Promise<string> {
  for await (const event of events) {
    if (event.type === 'pushed') return event.digest;
    progress(`${event.action} ${megabytes(event.bytes)}${event.total === undefined ? '' : ` of ${megabytes(event.total)}`}`);
  }
  throw cliError('ERR_CLI_RELEASE_FAILED', 'The registry took the image and told no digest.');
}
