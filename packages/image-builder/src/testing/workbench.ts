// What the tests against a real engine share: folders to build from, images that are removed again.
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import type { BuildEvent, BuiltEvent } from '../events.ts';
import type { BuildOptions, ImageBuilder } from '../image-builder.ts';

/** A test's engine, folders and images. */
export interface Workbench {
  readonly docker: Docker;
  /** Makes a folder with these files; keys that end in `*` are made executable, without the star. */
  context(files: Readonly<Record<string, string | Buffer>>): Promise<string>;
  /** Builds to the end. The image is removed in {@link Workbench.clear}. */
  build(builder: ImageBuilder, options: BuildOptions): Promise<{ events: BuildEvent[]; built: BuiltEvent }>;
  /** A Dockerfile line: layers made after it are removed in {@link Workbench.clear} even when the build fails. */
  readonly labelLine: string;
  /** A name that nothing else uses; whatever gets it is removed in {@link Workbench.clear}. */
  name(prefix?: string): string;
  clear(): Promise<void>;
}

const source = `
#include <stdio.h>
#include <string.h>
#include <unistd.h>
int main(int count, char **words) {
  for (int i = 1; i < count; i++) puts(words[i]);
  fflush(stdout);
  if (count > 1 && strcmp(words[1], "wait") == 0) sleep(600);
  FILE *file = fopen("/code", "r");
  int code = 0;
  return file && fscanf(file, "%d", &code) == 1 ? code : 0;
}`;

/** A program without libraries: prints its arguments, waits if the first is `wait`, and exits with the number in the file `/code`, if any. */
export function smallProgram(): Buffer {
  const compile = 'set -e; folder=$(mktemp -d); cc -static -Os -s -x c -o "$folder/program" -; cat "$folder/program"; rm -r "$folder"';
  return execFileSync('sh', ['-c', compile], { input: source, maxBuffer: 64 * 1024 * 1024 });
}

/** Opens a workbench on the engine of this machine. */
export function openWorkbench(): Workbench {
  const docker = new Docker();
  const folders: string[] = [];
  const images: string[] = [];
  const label = `com.runlayer.test=${randomUUID()}`;
  return {
    docker,
    labelLine: `LABEL ${label}`,
    context: async (files) => {
      const folder = await mkdtemp(join(tmpdir(), 'runlayer-build-'));
      folders.push(folder);
      for (const [name, content] of Object.entries(files)) {
        const path = join(folder, name.replace(/\*$/, ''));
        await writeFile(path, content);
        if (name.endsWith('*')) await chmod(path, 0o755);
      }
      return folder;
    },
    build: async (builder, options) => {
      const events: BuildEvent[] = [];
      for await (const event of builder.build(options)) events.push(event);
      const built = events.at(-1);
      if (built?.type !== 'built') throw new Error('a build ended without its last event');
      images.push(built.imageId);
      return { events, built };
    },
    name: (prefix = 'runlayer-test') => {
      const name = `${prefix}/${randomUUID()}:1`;
      images.push(name);
      return name;
    },
    clear: async () => {
      const labelled = await docker.listImages({ all: true, filters: JSON.stringify({ label: [label] }) });
      images.push(...labelled.map(({ Id }) => Id).reverse());
      for (const image of images.reverse())
        await docker
          .getImage(image)
          .remove({ force: true })
          .catch(() => undefined);
      for (const folder of folders) await rm(folder, { recursive: true, force: true });
    },
  };
}
