// How keys are written, shown and kept.
import { createHash, randomBytes } from 'node:crypto';
import type { ApiKeyOwner } from './api-key.ts';

const beginnings: Readonly<Record<ApiKeyOwner['type'], string>> = { user: 'rl_user_', agent: 'rl_agent_', organization: 'rl_org_' };

/** A new key: 256 random bits behind a beginning that tells secret scanners and people what it is. */
export function newKey(type: ApiKeyOwner['type']): string {
  return beginnings[type] + randomBytes(32).toString('base64url');
}

/** What is kept of a key. A fast hash suffices: nobody guesses 256 random bits. */
export function hashKey(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}

/** What is shown of a key later: enough to recognise it, too little to use it. */
export function prefixOf(key: string): string {
  const beginning = Object.values(beginnings).find((known) => key.startsWith(known));
  return beginning === undefined ? `${key.slice(0, 3)}…` : `${key.slice(0, beginning.length + 4)}…`;
}
