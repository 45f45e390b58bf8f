// The signing key of a worker: asked of the primary process, and again every second, so that a rotation reaches every process.
import type { SigningKey } from '@runlayer/identity-forward';
import type { Ask } from './ask-primary.ts';

export interface WorkerKey {
  current(): SigningKey;
}

const askEveryMs = 1_000;

/** Resolves once the first key is there. Later ones that do not come leave the last one in use. */
export async function createWorkerKey(ask: Ask): Promise<WorkerKey> {
  let key = await ask('signingKey', undefined);
  setInterval(() => void renew(), askEveryMs).unref();
  async function renew(): Promise<void> {
    const next = await ask('signingKey', undefined).catch(() => key);
    // The signer keeps what it made of a key object.
    if (next.kid !== key.kid) key = next;
  }
  return { current: () => key };
}
