// All vectors as one document, for verifiers in any language.
import { claimForgeries } from './claim-forgeries.ts';
import { issuer, now, platformKey, serverId } from './craft.ts';
import type { Forgery } from './forgery.ts';
import { formForgeries } from './form-forgeries.ts';
import { goodTokens } from './good-tokens.ts';
import type { GoodToken } from './good-tokens.ts';
import { headerForgeries } from './header-forgeries.ts';
import type { PublicJwkSet } from '../jwk.ts';

/** What `vectors/tokens.json` holds. */
export interface Vectors {
  readonly about: string;
  readonly issuer: string;
  readonly serverId: string;
  readonly audience: string;
  /** Seconds since 1970 at which to check. */
  readonly now: number;
  readonly leewaySeconds: number;
  readonly jwks: PublicJwkSet;
  readonly good: readonly GoodToken[];
  readonly bad: readonly Forgery[];
}

/** The vectors; the same bytes every time. */
export function makeVectors(): Vectors {
  return {
    about:
      'Identity tokens to accept (good) and to refuse (bad) at the moment `now`, with the keys in `jwks`. Made by src/test-vectors/main.ts.',
    issuer,
    serverId,
    audience: `runlayer:identity-forward:${serverId}`,
    now,
    leewaySeconds: 30,
    jwks: { keys: [platformKey.jwk] },
    good: goodTokens(),
    bad: [...headerForgeries(), ...claimForgeries(), ...formForgeries()],
  };
}
