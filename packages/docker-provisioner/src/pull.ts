// Pulls an image, tells how far it is, and says why a registry would not give it.
import type { Failure } from '@runlayer/provisioner';
import type Docker from 'dockerode';
import type { AuthConfig } from 'dockerode';

/** What the engine reports while it pulls. */
interface PullProgress {
  readonly id?: string;
  readonly status?: string;
  readonly error?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
}

/** The registry, or the way to it, refused; the message is the engine's. */
export class PullRefused extends Error {}

/** Host of the registry that a reference names. @see https://pkg.go.dev/github.com/distribution/reference */
export function registryOf(reference: string): string {
  const [first = '', rest] = reference.split('/', 2);
  const isHost = rest !== undefined && (/[.:]/.test(first) || first === 'localhost');
  return isHost ? first : 'docker.io';
}

/** Between two messages about progress, milliseconds. */
const tellMs = 1000;

/**
 * Pulls; resolves when the engine has the image.
 * @throws {PullRefused} With the reason the engine gives.
 */
export async function pullImage(
  docker: Docker,
  reference: string,
  options: { platform?: string; authconfig?: AuthConfig },
  signal: AbortSignal,
  tell: (message: string) => void,
): Promise<void> {
  tell(`Pulling ${reference}.`);
  const { authconfig, ...query } = options;
  const stream = (await docker.pull(reference, {
    ...query,
    ...(authconfig === undefined ? {} : { authconfig }),
    abortSignal: signal,
  })) as NodeJS.ReadableStream & {
    destroy(): void;
  };
  const stop = (): void => stream.destroy();
  signal.addEventListener('abort', stop, { once: true });
  const watch = progressTeller(reference, tell);
  let refused: string | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      stream.once('close', () => reject(signal.aborted ? (signal.reason as Error) : new PullRefused('The engine ended the pull early.')));
      const finished = (error: Error | null): void =>
        error === null || error === undefined ? resolve() : reject(new PullRefused(error.message));
      docker.modem.followProgress(stream, finished, (event: PullProgress) => {
        refused ??= event.error;
        watch(event);
      });
    });
  } finally {
    signal.removeEventListener('abort', stop);
  }
  signal.throwIfAborted();
  if (refused !== undefined) throw new PullRefused(refused);
}

function progressTeller(reference: string, tell: (message: string) => void): (event: PullProgress) => void {
  const layers = new Map<string, { current: number; total: number }>();
  let told = performance.now();
  return ({ id, status, progressDetail }) => {
    if (id === undefined || status !== 'Downloading' || progressDetail?.total === undefined) return;
    layers.set(id, { current: progressDetail.current ?? 0, total: progressDetail.total });
    if (performance.now() - told < tellMs) return;
    told = performance.now();
    const sum = (part: 'current' | 'total'): number => [...layers.values()].reduce((all, layer) => all + layer[part], 0);
    tell(`Pulling ${reference}: ${(sum('current') / 1e6).toFixed(1)} of ${(sum('total') / 1e6).toFixed(1)} MB.`);
  };
}

/** The failure that a registry's refusal stands for. */
export function pullFailure(reference: string, reason: string): Failure {
  const said = reason.replaceAll(/\s+/g, ' ').trim().replace(/\.$/, '').slice(0, 500);
  if (/unauthori[sz]ed|authentication required|access denied|denied:|no basic auth|forbidden/i.test(reason)) {
    return {
      code: 'registry_auth',
      message: `The registry ${registryOf(reference)} does not give ${reference}: ${said}.`,
      fix: 'Check the name of the image; if it is private, give the platform credentials for its registry.',
      evidence: {},
    };
  }
  if (/no space left/i.test(reason)) {
    return {
      code: 'no_capacity',
      message: `There is no room to pull ${reference}: ${said}.`,
      fix: 'Free space on the disk of the Docker engine.',
      evidence: {},
    };
  }
  const absent = /not found|manifest unknown|no such image|does not exist/i.test(reason);
  return {
    code: 'image_missing',
    message: `The image ${reference} cannot be pulled: ${said}.`,
    fix: absent
      ? 'Check its name and digest, and that it was pushed.'
      : `Check that the Docker engine reaches the registry ${registryOf(reference)}.`,
    evidence: {},
  };
}
