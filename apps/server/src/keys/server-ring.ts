// The signing keys behind a running server: asked for over its API.
import { setTimeout as pause } from 'node:timers/promises';
import type { WireSigningKeyRotation } from '@runlayer/api';
import { createClient } from '@runlayer/api/client';
import { hasCode } from '@runlayer/errors';
import { fail } from '../error-codes.ts';
import type { Ring } from './ring.ts';

/** Where the server is, and how to be let in. */
export interface ServerRingOptions {
  readonly url: string;
  readonly apiKey: string;
  /** Why the server is asked, to tell when it does not answer. */
  readonly because: string;
  /** Milliseconds between looks at a rotation that was put off. Default 1,000. */
  readonly lookEveryMs?: number;
}

/** Sends nothing before the first verb. */
export function serverRing({ url, apiKey, because, lookEveryMs = 1_000 }: ServerRingOptions): Ring {
  const { signingKeys } = createClient({ host: url, apiKey, userAgent: 'runlayer-server-keys' });
  const told = <Result>(answer: Promise<Result>): Promise<Result> =>
    answer.catch((error: unknown) => {
      if (!hasCode(error, 'ERR_SERVER_UNREACHABLE')) throw error;
      throw fail('ERR_KEYS_NO_ANSWER', `${because} No server answers at ${url}.`, { cause: error });
    });
  const list = async (signal?: AbortSignal) => (await told(signingKeys.list({ signal }))).data;
  return {
    list: () => list(),
    rotate: ({ now }) => told(signingKeys.rotate({ now })),
    revoke: (kid) => told(signingKeys.revoke(kid)),
    async untilDone(rotation, signal): Promise<WireSigningKeyRotation> {
      for (;;) {
        const key = (await list(signal)).find(({ kid }) => kid === rotation.kid);
        if (key?.signs_from != null && key.state !== 'next' && key.state !== 'revoked')
          return { ...rotation, done: true, at: key.signs_from };
        if (key?.state !== 'next')
          throw fail('ERR_KEYS_WAIT', `Key ${rotation.kid} was revoked before it signed; another takes its place.`);
        await pause(lookEveryMs, undefined, { signal });
      }
    },
    close: async () => {},
  };
}
