// The header names that only the platform may set.

/** Header that carries the signed identity token. */
export const identityTokenHeader = 'X-Runlayer-Identity-Token';

/** Headers that carry the identity as plain text, by what they say. */
export const subjectHeaderNames = {
  subjectType: 'X-Runlayer-Subject-Type',
  organizationId: 'X-Runlayer-Org-Id',
  userEmail: 'X-Runlayer-User-Email',
  userId: 'X-Runlayer-User-Id',
  agentId: 'X-Runlayer-Agent-Id',
  agentName: 'X-Runlayer-Agent-Name',
} as const;

/** All seven names of Identity Forward. A proxy removes more than these: see `isReservedHeader`. */
export const reservedHeaderNames: readonly string[] = [...Object.values(subjectHeaderNames), identityTokenHeader];
