// Every error code of this package: docs/errors.md is generated from this table.

/** What each code means, whoever meets it: a title, the HTTP status that answers it, and what to do next. */
export const identityErrors = {
  ERR_IDENTITY_OPTIONS: {
    title: 'Wrong identity options',
    status: 500,
    hint: 'Give the issuer (RUNLAYER_URL, no trailing slash) and the server id (RUNLAYER_SERVER_ID) of this server.',
  },
  ERR_IDENTITY_TOKEN_MISSING: {
    title: 'No identity token',
    status: 401,
    hint: 'Switch on "Forward signed identity token" for this server, and call it through the platform.',
  },
  ERR_IDENTITY_TOKEN_REPEATED: {
    title: 'More than one identity token',
    status: 401,
    hint: 'Something between the platform and this server adds the header again: remove it there.',
  },
  ERR_IDENTITY_TOKEN_SIZE: { title: 'Identity token too large', status: 401, hint: 'The platform never sends a token above 8 KiB.' },
  ERR_IDENTITY_TOKEN_FORM: {
    title: 'Not an identity token',
    status: 401,
    hint: 'Pass the header value as it came, with nothing before it.',
  },
  ERR_IDENTITY_TOKEN_HEADER: { title: 'Refused token header', status: 401, hint: 'Only EdDSA with the id of a published key is taken.' },
  ERR_IDENTITY_TOKEN_ISSUER: { title: 'Token of another issuer', status: 401, hint: 'Compare the issuer option with RUNLAYER_URL.' },
  ERR_IDENTITY_TOKEN_AUDIENCE: {
    title: 'Token for another server',
    status: 401,
    hint: 'Compare the serverId option with the id of this server in the platform.',
  },
  ERR_IDENTITY_TOKEN_TIME: { title: 'Wrong time in the token', status: 401, hint: 'Compare the clocks of both machines.' },
  ERR_IDENTITY_TOKEN_EXPIRED: { title: 'Expired token', status: 401, hint: 'Read the token of each request anew; it lives 5 minutes.' },
  ERR_IDENTITY_TOKEN_CLAIMS: { title: 'Refused claims', status: 401, hint: 'The token was not made by the platform as documented.' },
  ERR_IDENTITY_TOKEN_SUBJECT: {
    title: 'Contradicting subject',
    status: 401,
    hint: 'The subject type and the ids beside it do not belong together; the token was not made by the platform.',
  },
  ERR_IDENTITY_TOKEN_KEY: { title: 'Unknown signing key', status: 401, hint: 'Check that the JWKS address belongs to the issuer.' },
  ERR_IDENTITY_TOKEN_SIGNATURE: { title: 'Wrong signature', status: 401, hint: 'The token was changed or not signed by the platform.' },
  ERR_IDENTITY_TOKEN_REPLAYED: {
    title: 'Identity token used twice',
    status: 401,
    hint: 'Each request brings a token of its own: send the request again through the platform.',
  },
  ERR_IDENTITY_KEYS_UNAVAILABLE: {
    title: 'Signing keys unavailable',
    status: 503,
    hint: 'Check that this server reaches the JWKS address of the platform.',
  },
  ERR_IDENTITY_REPLAY_STORE: {
    title: 'Replay store unavailable',
    status: 503,
    hint: 'Check the store given as replay; until it answers, no token is taken.',
  },
  ERR_IDENTITY_HEADERS: {
    title: 'Refused identity headers',
    status: 400,
    hint: 'Read them only behind the platform, which sets each once.',
  },
  ERR_IDENTITY_SUBJECT: { title: 'Unsuitable subject', status: 500, hint: 'Ids and email are non-empty text without control characters.' },
  ERR_IDENTITY_SIGNING_KEY: { title: 'Unsuitable signing key', status: 500, hint: 'Make one with generateSigningKey().' },
  ERR_IDENTITY_ENGINE: { title: 'Signature engine unavailable', status: 500, hint: 'Install sodium-native, or leave the engine at auto.' },
} as const;

/** Stable codes of {@link identityErrors}; compare these, never messages. */
export type IdentityErrorCode = keyof typeof identityErrors;
