// A stage with an observer beside it, and provisioners whose calls are counted.
import { setTimeout as delay } from 'node:timers/promises';
import type { Provisioner } from '@runlayer/provisioner';
import { waitFor } from '@runlayer/local-platform';
import Docker from 'dockerode';
import { intercept, type Interception } from '../fixtures/interception.ts';
import { openStage, type Stage } from '../fixtures/stage.ts';
import { createAwsProvisioner } from '../src/aws-provisioner.ts';
import type { AwsProvisionerOptions } from '../src/options.ts';
import { type Observer, startObserver } from './observer.ts';
import { alive, type SeenTask, type Snapshot } from './snapshot.ts';

/** A provisioner, and what it has changed so far. */
export interface Counted {
  readonly provisioner: Provisioner;
  /** Names of the mutating calls since this was asked last. */
  changes(): string[];
}

/** What the tests of one file share. */
export interface Theatre {
  readonly stage: Stage;
  readonly observer: Observer;
  provisioner(options?: Partial<AwsProvisionerOptions>, calls?: Interception): Counted;
  /** Sees a deployment once it is as it should be. */
  seenWhen(deploymentId: string, what: string, isSo: (seen: Snapshot) => boolean): Promise<Snapshot>;
  close(): Promise<void>;
}

interface TheatreOptions {
  readonly enforced?: boolean;
  readonly places?: Readonly<Record<string, string>>;
}

/** Opens a stage, and starts an observer. `places` are endpoints for single services, by the name boto3 has for them. */
export async function openTheatre({ enforced = false, places = {} }: TheatreOptions = {}): Promise<Theatre> {
  const stage = await openStage({ enforced });
  const observer = await startObserver({ ...places, all: stage.emulator.endpoint });
  return {
    stage,
    observer,
    provisioner: (options = {}, calls = intercept(() => 'pass')) => counted({ ...stage.options, pollMs: 150, ...options }, calls),
    seenWhen: (deploymentId, what, isSo) =>
      waitFor(what, async () => {
        const seen = await observer.snapshot(deploymentId);
        // A look takes some fifty calls: not too often.
        if (isSo(seen)) return seen;
        await delay(200);
        return undefined;
      }),
    async close() {
      await observer.close();
      await stage.close();
    },
  };
}

function counted(options: AwsProvisionerOptions, calls: Interception): Counted {
  let told = 0;
  return {
    provisioner: createAwsProvisioner({ ...options, requestHandler: calls.requestHandler }),
    changes() {
      const fresh = calls.tries.slice(told);
      told = calls.tries.length;
      return fresh.filter(({ isMutating }) => isMutating).map(({ operation }) => operation);
    },
  };
}

interface Request {
  readonly headers: Readonly<Record<string, string>>;
  hostname: string;
  port?: number;
}

/** Puts something in front of the request handler of an interception. `target` is the name of the called operation with its service. */
function before(calls: Interception, act: (target: string, request: Request) => Promise<unknown>): Interception {
  const inner = calls.requestHandler as unknown as { handle(request: Request, options: unknown): Promise<unknown> };
  const requestHandler = {
    async handle(request: Request, options: unknown): Promise<unknown> {
      await act(Object.entries(request.headers).find(([name]) => name.toLowerCase() === 'x-amz-target')?.[1] ?? '', request);
      return inner.handle(request, options);
    },
  };
  return { ...calls, requestHandler: requestHandler as Interception['requestHandler'] };
}

/** The same interception, with something done once before the first call of this name goes out. */
export function doneBefore(operation: string, calls: Interception, act: () => Promise<unknown>): Interception {
  let done: Promise<unknown> | undefined;
  return before(calls, async (target) => target.endsWith(`.${operation}`) && (done ??= act()));
}

/** The same interception, with the calls of one service sent to another endpoint. */
export function sentTo(endpoint: string, service: string, calls: Interception): Interception {
  const { hostname, port } = new URL(endpoint);
  return before(calls, async (target, request) => {
    if (target.startsWith(service)) Object.assign(request, { hostname, port: Number(port) });
  });
}

/** The only task that runs. */
export function onlyTask(seen: Snapshot): SeenTask & { readonly address: string } {
  const [task, ...others] = alive(seen);
  if (task?.address == null || others.length > 0) throw new Error(`not one task: ${JSON.stringify(alive(seen))}`);
  return { ...task, address: task.address };
}

/** Environment of the container at an address, as the container itself tells it. */
export async function servedAt(address: string, port = 8000): Promise<Record<string, string>> {
  const answer = await fetch(`http://${address}:${port}/env`, { signal: AbortSignal.timeout(5000), headers: { connection: 'close' } });
  return (await answer.json()) as Record<string, string>;
}

/** Ends a task's container as a crash does, behind the back of everybody. */
export async function crash({ address }: { readonly address: string | null }): Promise<void> {
  const docker = new Docker();
  const running = await docker.listContainers();
  const found = running.find(({ NetworkSettings }) =>
    Object.values(NetworkSettings.Networks).some(({ IPAddress }) => IPAddress === address),
  );
  if (found === undefined) throw new Error(`no container has the address ${address}`);
  await docker.getContainer(found.Id).kill();
}
