import { createClient } from '@runlayer/api/client';
import type { ImageBuilder, PushEvent, RegistryAuth } from '@runlayer/image-builder';
import { expect, it } from 'vitest';
import { createReport } from '../output/create-report.ts';
import { processContext } from '../context.ts';
import { deliverImage } from './deliver-image.ts';

const digest = `sha256:${'a'.repeat(64)}`;

function builderThatRecords(calls: unknown[]): ImageBuilder {
  const builder: Partial<ImageBuilder> = {
    tag: async (image, reference) => void calls.push(['tag', image, reference]),
    async *push(reference: string, auth?: RegistryAuth): AsyncGenerator<PushEvent> {
      calls.push(['push', reference, auth]);
      yield { type: 'pushed', digest, image: 'ignored' };
    },
  };
  return builder as ImageBuilder;
}

async function deliver(credentials: object): Promise<{ calls: unknown[]; image: string }> {
  const calls: unknown[] = [];
  const client = createClient({ host: 'http://127.0.0.1', apiKey: 'k', fetch: async () => Response.json(credentials) });
  const report = createReport(processContext('0.0.0'), { json: true, debug: false, events: false });
  const image = await deliverImage({ builder: builderThatRecords(calls), imageId: 'sha256:1' }, 'the-id', { client, report });
  return { calls, image };
}

it('tags for a shared engine and pushes nothing [CLI-3]', async () => {
  const credentials = { username: '', password: '', registry_url: '', repository_url: '', expires_at: null, deployment_mode: 'LOCAL' };
  expect(await deliver(credentials)).toEqual({ calls: [['tag', 'sha256:1', 'runlayer-local:the-id']], image: 'runlayer-local:the-id' });
});

it.each(['ECS', 'K8S'])(
  'pushes with the credentials in mode %s, and names the digest, a port in the address kept [CLI-3]',
  async (mode) => {
    const { calls, image } = await deliver({
      username: 'u',
      password: 'p',
      registry_url: 'https://r.example.com:5000',
      repository_url: 'r.example.com:5000/team/app',
      expires_at: null,
      deployment_mode: mode,
    });
    expect(calls).toEqual([
      ['tag', 'sha256:1', 'r.example.com:5000/team/app:the-id'],
      ['push', 'r.example.com:5000/team/app:the-id', { username: 'u', password: 'p', serveraddress: 'r.example.com:5000' }],
    ]);
    expect(image).toBe(`r.example.com:5000/team/app@${digest}`);
  },
);
