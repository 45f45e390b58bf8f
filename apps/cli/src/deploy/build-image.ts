// Builds the project's image with the local engine, telling each step.
import { resolve } from 'node:path';
import { createImageBuilder, type BuildEvent, type ImageBuilder } from '@runlayer/image-builder';
import type { Config } from '@runlayer/config-schema';
import type { Progress, Report } from '../output/report.ts';
import type { Project } from '../project/load-project.ts';
import { choosePlatform } from './build-platform.ts';
import type { DeployWorld } from './world.ts';

/** An image on the local engine. */
export interface BuiltImage {
  readonly builder: ImageBuilder;
  readonly imageId: string;
}

/** Checks the engine and the right to push, then builds. Nothing exists on the server yet. */
export async function buildImage(project: Project, { client, report, signal }: DeployWorld): Promise<BuiltImage> {
  const builder = createImageBuilder();
  const engine = await builder.engineInfo();
  const { deployment_mode } = await client.deployments.registryCredentials({ signal });
  const platform = choosePlatform({ config: project.config, isLocal: deployment_mode === 'LOCAL', engine: engine.platform });
  if (platform.note !== undefined) report.event({ type: 'platform', message: platform.note }, platform.note);
  const events = builder.build({ ...recipe(project.config, project.folder), platform: platform.build }, { signal });
  const imageId = await report.working('Building the image', (progress) => tellBuild(events, report, progress));
  return { builder, imageId };
}

/** Paths of the file are relative to its own folder, wherever the command runs. */
function recipe(
  { build }: Config,
  folder: string,
): { context: string; dockerfile?: string; args?: Readonly<Record<string, string>>; target?: string } {
  if (build === undefined) return { context: folder };
  const { context, dockerfile, args, target } = build;
  return { context: resolve(folder, context), dockerfile, args, ...(target === undefined ? {} : { target }) };
}

async function tellBuild(events: AsyncIterable<BuildEvent>, report: Report, progress: Progress): Promise<string> {
  let imageId = '';
  for await (const event of events) {
    if (event.type === 'built') imageId = event.imageId;
    tell(event, report, progress);
  }
  return imageId;
}

function tell(event: BuildEvent, report: Report, progress: Progress): void {
  switch (event.type) {
    case 'warning':
      return report.warn(event.message);
    case 'step':
      progress(event.state === 'started' ? event.name : '');
      return event.internal ? undefined : report.event({ ...event, type: 'build_step' }, stepText(event));
    case 'output':
      progress(event.line);
      return report.event({ ...event, type: 'build_output' });
    case 'transfer':
      return progress(`${event.action} ${megabytes(event.bytes)}`);
    case 'context':
      return report.event({ ...event, type: 'build_context' });
    case 'built':
      return report.event(
        { type: 'built', image_id: event.imageId, platform: event.platform, bytes: event.bytes },
        `Built the image, ${megabytes(event.bytes)}.`,
      );
  }
}

/** The line for a step that ended; a quick one shows no time. */
export function stepText({ name, state, seconds }: Extract<BuildEvent, { type: 'step' }>): string | undefined {
  if (state === 'started') return undefined;
  const time = seconds !== undefined && seconds >= 1 ? ` (${seconds.toFixed(1)} s)` : '';
  return `  ${name}${state === 'done' ? time : ` ${state}${time}`}`;
}

/** Such as `12.3 MB`. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
