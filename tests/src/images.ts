// Images that the end-to-end tests deploy.
import { ensureBaseImage } from '@runlayer/local-docker';
import { inRepository } from '@runlayer/local-platform';
import { createImageBuilder } from '@runlayer/image-builder';
import { docker } from './deployments.ts';

/** Builds the echo server under a tag and gives the tag. */
export async function echoImage(tag: string): Promise<string> {
  await ensureBaseImage(docker, 'node:24-slim');
  const context = inRepository('tests/fixtures/echo');
  for await (const event of createImageBuilder({ docker }).build({ context, dockerfile: 'Dockerfile', tag })) {
    if (event.type === 'built') return tag;
  }
  throw new Error('The build ended without an image.');
}
