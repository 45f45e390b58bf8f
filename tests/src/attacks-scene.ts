// A platform with two deployments for the attacks: one that attacks, and a neighbour that must never hear of it.
import { readdir, readFile } from 'node:fs/promises';
import { ensureBaseImage } from '@runlayer/local-docker';
import { inRepository, startPlatform, type Platform } from '@runlayer/local-platform';
import { createImageBuilder } from '@runlayer/image-builder';
import { expect } from 'vitest';
import { Caller, type Answer } from './attacks-caller.ts';
import { createDeployment, destroy, docker, ended, release } from './deployments.ts';
import { echoConfig } from './workspace.ts';

/** One deployment with its connector. */
export interface Target {
  readonly id: string;
  readonly connector: string;
  /** Path on the platform. */
  hosted(path: string): string;
  /** The requests that reached it and hold this text, byte for byte. */
  received(text: string): Promise<string[]>;
}

/** Somebody with a key and connections of their own. */
export interface Account {
  readonly id: string;
  readonly keyId: string;
  readonly key: string;
  readonly caller: Caller;
}

export interface Scene {
  readonly platform: Platform;
  readonly attacker: Target;
  readonly neighbour: Target;
  readonly alice: Account;
  readonly bob: Account;
  readonly agent: Account;
  /** Both people get their own answer from both deployments, on connections that were used before. */
  bothServe(): Promise<void>;
  stop(): Promise<void>;
}

/** What the fixture says of a request. */
export interface Seen {
  readonly label: string;
  readonly url: string;
  readonly method: string;
  readonly head: string;
  readonly env: Record<string, string>;
}

export async function startScene(env: Readonly<Record<string, string>> = {}): Promise<Scene> {
  const image = await attackerImage();
  const platform = await startPlatform({ env });
  const [attacker, neighbour] = await Promise.all([deploy(platform, 'attacker', image), deploy(platform, 'neighbour', image)]);
  const [alice, bob, agent] = await Promise.all([addUser(platform, 'alice'), addUser(platform, 'bob'), addAgent(platform, 'agent')]);
  const people = [alice, bob];
  let asked = 0;
  return {
    platform,
    attacker,
    neighbour,
    alice,
    bob,
    agent,
    async bothServe() {
      const calls = people.flatMap((person) => [
        { person, target: attacker, label: 'attacker' },
        { person, target: neighbour, label: 'neighbour' },
      ]);
      await Promise.all(
        calls.map(async ({ person, target, label }) => {
          const path = `/ask/${(asked += 1)}`;
          const answer = await person.caller.ask(target.hosted(path));
          expect(seenIn(answer)).toMatchObject({ label, url: path, head: expect.stringContaining(`X-Runlayer-User-Id: ${person.id}\r\n`) });
        }),
      );
    },
    async stop() {
      for (const { caller } of [alice, bob, agent]) caller.close();
      await Promise.all([destroy(platform, attacker.id), destroy(platform, neighbour.id)]);
      await platform.stop();
    },
  };
}

/** The fixture's own answer. */
export function seenIn(answer: Answer): Seen {
  expect(answer).toMatchObject({ status: 200, whole: true });
  return JSON.parse(answer.body) as Seen;
}

async function attackerImage(): Promise<string> {
  await ensureBaseImage(docker, 'node:24-slim');
  const context = inRepository('tests/fixtures/attacker');
  const tag = 'runlayer-test-attacker:latest';
  for await (const event of createImageBuilder({ docker }).build({ context, dockerfile: 'Dockerfile', tag })) {
    if (event.type === 'built') return tag;
  }
  throw new Error('The build ended without an image.');
}

async function deploy(platform: Platform, label: string, image: string): Promise<Target> {
  const id = await createDeployment(platform, label);
  await release(platform, id, echoConfig(label, { LABEL: label }, '  path: /mcp\n  expose:\n    - /open\n'), image);
  expect(await ended(platform, id)).toMatchObject({ status: 'succeeded' });
  const server = { name: label, deployment_id: id, transport: 'streaming-http', identity_forward: { headers: true, token: true } };
  const { id: connector } = await platform.api<{ id: string }>('POST', '/servers', server);
  const hosted = (path: string): string => `/api/v1/proxy/hosted/${id}${path}`;
  return {
    id,
    connector,
    hosted,
    async received(text) {
      const response = await fetch(platform.url + hosted(`/received?${encodeURIComponent(text)}`), {
        headers: { 'x-runlayer-api-key': platform.adminKey },
      });
      return (await response.json()) as string[];
    },
  };
}

export async function addUser(platform: Platform, name: string): Promise<Account> {
  const { id } = await platform.api<{ id: string }>('POST', '/users', { email: `${name}@example.com`, name, role: 'member' });
  return account(platform, id, { owner: 'user', user_id: id });
}

export async function addAgent(platform: Platform, name: string): Promise<Account> {
  const { id } = await platform.api<{ id: string }>('POST', '/agents', { name });
  return account(platform, id, { owner: 'agent', agent_id: id });
}

async function account(platform: Platform, id: string, owner: object): Promise<Account> {
  const made = await platform.api<{ id: string; api_key: string }>('POST', '/api-keys', { name: 'attacks', ...owner });
  return { id, keyId: made.id, key: made.api_key, caller: new Caller(platform.port, made.api_key) };
}

/** Bytes of memory that the server has now. */
export async function memoryOf(platform: Platform): Promise<number> {
  const status = await readFile(`/proc/${platform.process.pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

/** Files and connections that the server has open. */
export async function openFiles(platform: Platform): Promise<number> {
  return (await readdir(`/proc/${platform.process.pid}/fd`)).length;
}

/** How many scripts run at the attacker, and how many bytes were taken from all of them. */
export async function playing({ platform, attacker }: Scene): Promise<{ readonly running: number; readonly written: number }> {
  const response = await fetch(platform.url + attacker.hosted('/playing'), { headers: { 'x-runlayer-api-key': platform.adminKey } });
  return (await response.json()) as { running: number; written: number };
}
