// Reads from an engine's words why a registry did not do what it was asked.

/** Why. `unknown` when the words say nothing known. */
export type RegistryReason = 'not-found' | 'denied' | 'network' | 'insecure' | 'platform' | 'rate-limit' | 'unknown';

// The first that fits wins: a registry that hides a private image says both "denied" and "does not exist".
const signs: readonly (readonly [RegistryReason, RegExp])[] = [
  ['insecure', /server gave HTTP response to HTTPS client|first record does not look like a TLS handshake|http: server gave HTTP/i],
  ['rate-limit', /toomanyrequests|too many requests|rate limit/i],
  ['platform', /no match(?:ing manifest)? for (?:platform|linux\/|windows\/)|no matching manifest|does not match the specified platform/i],
  [
    'denied',
    /denied|unauthorized|insufficient_scope|authorization failed|no basic auth credentials|authentication required|\b40[13]\b|forbidden/i,
  ],
  [
    'network',
    /no such host|dial tcp|i\/o timeout|connection (?:refused|reset)|network is unreachable|TLS handshake timeout|x509:|context deadline exceeded|failed to do request|Client\.Timeout|unexpected EOF|: EOF$/i,
  ],
  ['not-found', /not found|manifest unknown|name unknown|does not exist|\b404\b/i],
];

/** The reason that the words give. */
export function registryReason(words: string): RegistryReason {
  return signs.find(([, sign]) => sign.test(words))?.[0] ?? 'unknown';
}
