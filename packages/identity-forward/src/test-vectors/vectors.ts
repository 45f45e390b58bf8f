// All vectors as documents, one for each file, for verifiers in any language. The format is told in vectors/README.md.
import type { PublicJwkSet } from '../jwk.ts';
import { claimForgeries } from './claim-forgeries.ts';
import { issuer, now, platformKey, serverId } from './craft.ts';
import type { Forgery } from './forgery.ts';
import { formForgeries } from './form-forgeries.ts';
import { goodTokens } from './good-tokens.ts';
import type { GoodToken } from './good-tokens.ts';
import { headerForgeries } from './header-forgeries.ts';
import { headerVectors } from './header-vectors.ts';
import type { BadHeaders, GoodHeaders } from './header-vectors.ts';
import { jsonForgeries } from './json-forgeries.ts';
import { keySetCases } from './key-vectors.ts';
import type { KeySetCase } from './key-vectors.ts';
import { mutatedTokens } from './mutated-claims.ts';
import { replaySteps } from './replay-vectors.ts';
import type { ReplayStep } from './replay-vectors.ts';

/** What every file opens with. A change that breaks a reader of the files raises the version. */
interface Heading {
  readonly version: 1;
  readonly about: string;
}

/** What a verifier is made with. */
interface Setting extends Heading {
  readonly issuer: string;
  readonly serverId: string;
  readonly audience: string;
  /** Seconds since 1970 at which to check. */
  readonly now: number;
  readonly leewaySeconds: number;
}

/** What `vectors/tokens.json` holds. */
export interface TokenVectors extends Setting {
  readonly jwks: PublicJwkSet;
  readonly good: readonly GoodToken[];
  readonly bad: readonly Forgery[];
}

/** What `vectors/keys.json` holds. */
export interface KeyVectors extends Setting {
  readonly sets: readonly KeySetCase[];
}

/** What `vectors/replay.json` holds. */
export interface ReplayVectors extends Setting {
  readonly jwks: PublicJwkSet;
  readonly steps: readonly ReplayStep[];
}

/** What `vectors/headers.json` holds. */
export interface HeaderVectors extends Heading {
  readonly good: readonly GoodHeaders[];
  readonly bad: readonly BadHeaders[];
}

/** The files by what they hold. */
export interface Vectors {
  readonly tokens: TokenVectors;
  readonly keys: KeyVectors;
  readonly replay: ReplayVectors;
  readonly headers: HeaderVectors;
}

/** The vectors; the same bytes every time. */
export function makeVectors(): Vectors {
  const setting = { issuer, serverId, audience: `runlayer:identity-forward:${serverId}`, now, leewaySeconds: 30 };
  const jwks = { keys: [platformKey.jwk] };
  const bad = [...headerForgeries(), ...claimForgeries(), ...mutatedTokens(), ...jsonForgeries(), ...formForgeries()];
  return {
    tokens: {
      version: 1,
      about: 'Identity tokens to accept (good) and to refuse (bad), by one key.',
      ...setting,
      jwks,
      good: goodTokens(),
      bad,
    },
    keys: { version: 1, about: 'Key sets, each with the tokens to accept and to refuse by it.', ...setting, sets: keySetCases() },
    replay: {
      version: 1,
      about: 'Tokens to check in this order by a verifier that remembers what it accepted.',
      ...setting,
      jwks,
      steps: replaySteps(),
    },
    headers: {
      version: 1,
      about: 'Subjects as plain headers to write and to read (good), and headers to refuse (bad).',
      ...headerVectors(),
    },
  };
}

/** The text of a file. */
export function vectorText(document: Vectors[keyof Vectors]): string {
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
