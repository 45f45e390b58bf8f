import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { commandMissing, describeWith, dockerMissing } from '@runlayer/test-services';
import Docker from 'dockerode';
import { afterAll, describe, expect, it } from 'vitest';
import { createImageBuilder } from './create-image-builder.ts';
import type { BuildEvent } from './events.ts';
import { openWorkbench, smallProgram } from './testing/workbench.ts';

const missing = (await dockerMissing()) ?? commandMissing('cc');

describe('without an engine', () => {
  it('says where it looked', async () => {
    const builder = createImageBuilder({ docker: new Docker({ socketPath: '/nowhere/docker.sock' }) });
    await expect(builder.engineInfo()).rejects.toMatchObject({ code: 'ERR_IMAGE_ENGINE_UNREACHABLE' });
  });
});

describeWith(missing, 'building on a real engine', () => {
  const bench = openWorkbench();
  const program = missing === undefined ? smallProgram() : Buffer.alloc(0);
  const foreign = Buffer.from(program);
  // The ELF header's field for the processor: AArch64, or x86-64 on an ARM machine.
  foreign.writeUInt16LE(process.arch === 'arm64' ? 62 : 183, 18);
  const other = process.arch === 'arm64' ? 'x86' : 'arm';
  const own = process.arch === 'arm64' ? 'arm' : 'x86';

  afterAll(() => bench.clear());

  it('knows the platform of the engine', async () => {
    expect(await createImageBuilder().engineInfo()).toMatchObject({ platform: own, version: expect.stringMatching(/^\d+\./) as string });
  });

  describe.each(['buildkit', 'classic'] as const)('with %s', (kind) => {
    const builder = createImageBuilder({ builder: kind });
    // Nothing may come from the cache of an earlier run.
    const salt = `${kind} ${randomUUID()}`;

    async function failure(files: Record<string, string | Buffer>, options: object = {}): Promise<unknown> {
      const context = await bench.context({ salt, ...files });
      return bench.build(builder, { context, ...options }).catch((error: unknown) => error);
    }

    it('builds the named stage with its arguments, and tells every step and its output [CFG-2, CLI-8]', async () => {
      const dockerfile =
        'FROM scratch AS tool\nCOPY program /program\nFROM tool AS wanted\nARG WORD=none\nCOPY salt /salt\nRUN ["/program", "hello"]\nENV WORD=$WORD\nFROM scratch AS last\n';
      const tag = bench.name();
      const context = await bench.context({ Dockerfile: dockerfile, salt, 'program*': program });
      const { events, built } = await bench.build(builder, {
        context,
        target: 'wanted',
        args: { WORD: 'given', WROD: 'x' },
        tag,
        labels: { 'com.runlayer.test': kind },
      });
      const image = await bench.docker.getImage(tag).inspect();
      expect(image).toMatchObject({
        Id: built.imageId,
        Config: { Env: expect.arrayContaining(['WORD=given']) as string[], Labels: { 'com.runlayer.test': kind } },
      });
      expect(built).toMatchObject({ type: 'built', platform: own, bytes: image.Size });
      expect(events.find(({ type }) => type === 'context')).toMatchObject({ files: 3 });
      expect(events).toContainEqual(expect.objectContaining({ type: 'output', stream: 'stdout', line: 'hello' }));
      expect(events.filter(({ type }) => type === 'warning')).toEqual([
        { type: 'warning', message: 'No ARG line of the Dockerfile takes the build argument WROD.' },
      ]);
      expect(unfinished(events)).toEqual([]);
    });

    it('takes finished steps from the cache, also when only the times of files changed', async () => {
      const context = await bench.context({
        Dockerfile: 'FROM scratch\nCOPY program /program\nCOPY salt /salt\nRUN ["/program", "only once"]\n',
        salt,
        'program*': program,
      });
      await bench.build(builder, { context });
      await utimes(join(context, 'salt'), new Date(0), new Date(0));
      const { events } = await bench.build(builder, { context });
      expect(events.filter(({ type }) => type === 'output')).toEqual([]);
    });

    it('builds for the other platform what needs no foreign program, and says so of the image [CFG-2, CLI-8]', async () => {
      const context = await bench.context({ Dockerfile: 'FROM scratch\nCOPY salt /salt\n', salt });
      expect((await bench.build(builder, { context, platform: own })).built.platform).toBe(own);
      expect((await bench.build(builder, { context, platform: other })).built.platform).toBe(other);
    });

    it('says exactly what is missing when a step needs emulation [CLI-8]', async () => {
      const error = await failure(
        { Dockerfile: `FROM scratch\n${bench.labelLine}\nCOPY foreign /program\nCOPY salt /\nRUN ["/program"]\n`, 'foreign*': foreign },
        // The classic builder gets no further than the LABEL for another platform.
        kind === 'classic' ? {} : { platform: other },
      );
      expect(error).toMatchObject({ code: 'ERR_BUILD_PLATFORM', hint: expect.stringContaining('binfmt') as string });
    });

    it('names a failing RUN, its line, its exit code and its last words', async () => {
      const files = {
        Dockerfile: `FROM scratch\n${bench.labelLine}\nCOPY program code salt /\nRUN ["/program", \\\n  "last words"]\n`,
        'program*': program,
        code: '42',
      };
      expect(await failure(files)).toMatchObject({
        code: 'ERR_BUILD_STEP_FAILED',
        message: expect.stringMatching(/^`RUN .*` \(.*Dockerfile:4\) failed with exit code 42.*\n {2}last words$/s) as string,
        data: { exitCode: 42, lastLines: ['last words'] },
      });
    });

    it.each<[string, Record<string, string>, object, string, RegExp]>([
      [
        'a file that is not there',
        { Dockerfile: 'FROM scratch\nCOPY nope /\n' },
        {},
        'ERR_BUILD_FILE_NOT_FOUND',
        /Dockerfile:2\) failed: "nope"/,
      ],
      [
        'a file that .dockerignore leaves out',
        { Dockerfile: 'FROM scratch\nCOPY salt /\n', '.dockerignore': 'salt' },
        {},
        'ERR_BUILD_FILE_NOT_FOUND',
        /"salt"/,
      ],
      [
        'an unknown instruction',
        { Dockerfile: 'FROM scratch\nCOPPY a /\n' },
        {},
        'ERR_BUILD_DOCKERFILE_INVALID',
        /Dockerfile:2: unknown instruction: COPPY/,
      ],
      [
        'a base image that cannot be had',
        { Dockerfile: 'FROM 127.0.0.1:1/nobody/nothing:1\nCOPY salt /\n' },
        {},
        'ERR_BUILD_BASE_IMAGE',
        /needs the image 127\.0\.0\.1:1\/nobody\/nothing:1, .* does not reach 127\.0\.0\.1:1/,
      ],
      [
        'a base image without a value',
        { Dockerfile: 'ARG BASE\nFROM $BASE\nCOPY salt /\n' },
        {},
        'ERR_BUILD_DOCKERFILE_INVALID',
        /starts from \$BASE, which has no value/,
      ],
      [
        'several stages and no target',
        { Dockerfile: 'FROM scratch AS a\nFROM scratch AS b\n' },
        {},
        'ERR_BUILD_TARGET_REQUIRED',
        /a on line 1, b on line 2/,
      ],
      [
        'an argument that is a number',
        { Dockerfile: 'FROM scratch\n' },
        { args: { PORT: 8080 } },
        'ERR_BUILD_ARGS_INVALID',
        /argument PORT is not text/,
      ],
    ])('explains %s [CLI-8]', async (_name, files, options, code, message) => {
      expect(await failure(files, options)).toMatchObject({ code, message: expect.stringMatching(message) as string });
    });

    it('builds a Dockerfile from outside the context', async () => {
      const outside = await bench.context({ Dockerfile: 'FROM scratch\nCOPY salt /\nLABEL from=outside\n' });
      const context = await bench.context({ salt });
      const { built } = await bench.build(builder, { context, dockerfile: join(outside, 'Dockerfile') });
      expect((await bench.docker.getImage(built.imageId).inspect()).Config.Labels).toMatchObject({ from: 'outside' });
    });
  });

  it('says that the frontend of a syntax line cannot be fetched', async () => {
    const context = await bench.context({ Dockerfile: '# syntax=127.0.0.1:1/nobody/frontend:1\nFROM scratch\nCOPY . /\n' });
    await expect(bench.build(createImageBuilder(), { context })).rejects.toMatchObject({
      code: 'ERR_BUILD_FRONTEND',
      message: expect.stringContaining('127.0.0.1:1/nobody/frontend:1') as string,
    });
  });

  it('warns of a large context', async () => {
    const context = await bench.context({ Dockerfile: 'FROM scratch\nCOPY Dockerfile /\n' });
    await writeFile(join(context, 'large'), Buffer.alloc(101 * 1024 * 1024));
    const { events } = await bench.build(createImageBuilder(), { context });
    expect(events[0]).toMatchObject({ type: 'warning', message: expect.stringMatching(/101 MiB in 2 files.*\.dockerignore/) as string });
  });

  it.each([
    ['warns of a .env file that would be sent', '', [expect.stringMatching(/holds \.env: .*secrets.*\.dockerignore/)]],
    ['says nothing of one that is left out', '.env\n', []],
  ])('%s [SEC-1]', async (_name, ignore, warnings) => {
    const context = await bench.context({ Dockerfile: 'FROM scratch\nCOPY Dockerfile /\n', '.env': 'TOKEN=x\n', '.dockerignore': ignore });
    const { events } = await bench.build(createImageBuilder(), { context });
    expect(events.filter(({ type }) => type === 'warning').map((event) => 'message' in event && event.message)).toEqual(warnings);
  });

  it('stops the running command on the engine when it is cancelled', async () => {
    const mark = randomUUID();
    const context = await bench.context({
      Dockerfile: `FROM scratch\nCOPY program /\nRUN ["/program", "wait", "${mark}"]\n`,
      'program*': program,
    });
    const cancelling = new AbortController();
    const follow = async (): Promise<void> => {
      for await (const event of createImageBuilder().build({ context }, cancelling)) {
        if (event.type === 'output' && event.line === mark) cancelling.abort();
      }
    };
    await expect(follow()).rejects.toMatchObject({ code: 'ERR_IMAGE_CANCELLED' });
    await expect.poll(() => commandsWith(`wait\0${mark}`), { timeout: 20_000 }).toEqual([]);
  });

  it('asks nothing of the engine when it is cancelled before it began', async () => {
    const context = await bench.context({ Dockerfile: 'FROM scratch\nCOPY Dockerfile /\n' });
    const events: BuildEvent[] = [];
    const follow = async (): Promise<void> => {
      for await (const event of createImageBuilder().build({ context }, { signal: AbortSignal.abort() })) events.push(event);
    };
    await expect(follow()).rejects.toMatchObject({ code: 'ERR_IMAGE_CANCELLED' });
    expect(events).toEqual([]);
  });

  it.each([
    ['is done', 'for await (const event of build);'],
    ['is no longer listened to', 'for await (const event of build) if (event.type === "step") break;'],
    ['fails', 'await (async () => { for await (const event of build); })().catch(() => undefined);'],
  ])('holds nothing open once a build %s: the program may end', async (how, loop) => {
    const dockerfile = how === 'fails' ? 'FROM scratch\nCOPY nope /\n' : 'FROM scratch\nCOPY Dockerfile /\n';
    const context = await bench.context({ Dockerfile: dockerfile });
    const code = `import { createImageBuilder } from ${JSON.stringify(import.meta.resolve('./index.ts'))};
      const build = createImageBuilder().build({ context: ${JSON.stringify(context)} }); ${loop}`;
    const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', code], { timeout: 30_000 });
    await expect(run).resolves.toMatchObject({ stderr: '' });
  });
});

/** Command lines of processes on this machine that hold the text. */
function commandsWith(text: string): string[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      const command = /^\d+$/.test(pid) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8') : '';
      return command.includes(text) ? [command] : [];
    } catch {
      return [];
    }
  });
}

function unfinished(events: readonly BuildEvent[]): string[] {
  const open = new Set<string>();
  for (const event of events) {
    if (event.type !== 'step') continue;
    if (event.state === 'started') open.add(event.name);
    else open.delete(event.name);
  }
  return [...open];
}
