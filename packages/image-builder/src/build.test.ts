import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createImageBuilder } from './create-image-builder.ts';
import type { BuildEvent } from './events.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let context: string;
let answers: Record<string, Answer>;
let asked: string[];

const json =
  (body: unknown, status = 200): Answer =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };

/** Reads the context to its end, as an engine does, then sends these lines. */
const lines =
  (...objects: object[]): Answer =>
  (request, response) => {
    request.resume().on('end', () => response.end(objects.map((object) => `${JSON.stringify(object)}\n`).join('')));
  };

beforeEach(async () => {
  context = await mkdtemp(join(tmpdir(), 'runlayer-build-'));
  await writeFile(join(context, 'Dockerfile'), 'FROM scratch\nCOPY Dockerfile /\n');
  asked = [];
  answers = {
    '/version': json({ ApiVersion: '1.41', Arch: 'amd64', Os: 'linux', Version: '1' }),
    '/images/sha256:1/json': json({ Id: 'sha256:1', Architecture: 'arm64', Size: 7 }),
  };
  server = createServer((request, response) => {
    const path = request.url?.split('?')[0] ?? '';
    asked.push(request.url ?? '');
    (answers[path] ?? json({ message: 'page not found' }, 404))(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(context, { recursive: true });
});

async function build(): Promise<BuildEvent[]> {
  const docker = new Docker({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, protocol: 'http' });
  const events: BuildEvent[] = [];
  for await (const event of createImageBuilder({ docker, dockerConfig: context }).build({ context })) events.push(event);
  return events;
}

describe('building on an engine that is not quite Docker', () => {
  it('falls back to the classic builder when BuildKit is promised but missing', async () => {
    answers['/build'] = lines({ stream: 'Step 1/1 : FROM scratch' }, { aux: { ID: 'sha256:1' } });
    expect((await build()).at(-1)).toEqual({ type: 'built', imageId: 'sha256:1', platform: 'arm', bytes: 7 });
    expect(asked.some((url) => url.startsWith('/build?') && !url.includes('version='))).toBe(true);
  });

  it('uses the classic builder at once on an engine from before BuildKit', async () => {
    answers['/version'] = json({ ApiVersion: '1.38', Arch: 'amd64', Os: 'linux', Version: '1' });
    answers['/build'] = lines({ aux: { ID: 'sha256:1' } });
    await build();
    expect(asked).not.toContain('/session');
  });

  it.each<[string, Answer, string]>([
    ['ends without an image', lines(), 'ERR_IMAGE_ENGINE_REFUSED'],
    ['reports a full disk', lines({ error: 'write /x: no space left on device' }), 'ERR_IMAGE_NO_SPACE'],
    ['refuses with a full disk', json({ message: 'mkdir: no space left on device' }, 500), 'ERR_IMAGE_NO_SPACE'],
    ['refuses', json({ message: 'not today' }, 500), 'ERR_IMAGE_ENGINE_REFUSED'],
    ['hangs up', (request) => request.socket.destroy(), 'ERR_IMAGE_ENGINE_UNREACHABLE'],
    [
      'hangs up in the middle of its answer',
      (request, response) => void request.resume().on('end', () => response.write('{"stream":"x"}\n', () => request.socket.destroy())),
      'ERR_IMAGE_ENGINE_UNREACHABLE',
    ],
  ])('has an error of its own when the engine %s', async (_name, answer, code) => {
    answers['/build'] = answer;
    await expect(build()).rejects.toMatchObject({ code });
  });
});
