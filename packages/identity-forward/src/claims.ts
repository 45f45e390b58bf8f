// The claims of an identity token, and the few constants that signer and verifier must agree on.

/** Path of the published keys below the platform's address. */
export const jwksPath = '/.well-known/runlayer-identity-forward.jwks.json';

/** Seconds from `iat` to `exp`: five minutes. A verifier refuses more. */
export const tokenLifetimeSeconds = 300;

/** Characters of the longest token: 8 KiB. A signer makes no longer one, and a verifier reads none. */
export const longestToken = 8192;

/** The only `aud` a server may accept: a token for server A is refused at server B. */
export function audienceOf(serverId: string): string {
  return `runlayer:identity-forward:${serverId}`;
}

interface CommonClaims {
  /** Address of the platform, without a trailing slash. */
  readonly iss: string;
  /** {@link audienceOf} the server; one string, never a list. */
  readonly aud: string;
  /** Seconds since 1970. */
  readonly iat: number;
  /** Seconds since 1970; at most {@link tokenLifetimeSeconds} after `iat`. */
  readonly exp: number;
  /** Unique per request. */
  readonly jti: string;
  /** `user_id` where there is one, else `agent_id`. */
  readonly sub: string;
  readonly organization_id: string;
}

interface UserClaims {
  readonly user_email: string;
  readonly user_id: string;
}

interface AgentClaims {
  readonly agent_id: string;
  readonly agent_name: string;
}

/** Claims as they stand in the token, told apart by `subject_type`. */
export type IdentityClaims = CommonClaims &
  (
    | ({ readonly subject_type: 'user' } & UserClaims)
    | ({ readonly subject_type: 'agent' } & AgentClaims)
    | ({ readonly subject_type: 'obo' } & UserClaims & AgentClaims)
  );
