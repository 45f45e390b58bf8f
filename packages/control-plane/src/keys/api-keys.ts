// The verbs of API keys: issue, list, revoke.
import type { Page, PageRequest } from '../page.ts';
import type { Principal } from '../principal.ts';
import type { ApiKey, IssuedApiKey, NewApiKey } from './api-key.ts';

/** Manages API keys. People may issue, list and revoke their own; admins all. */
export interface ApiKeys {
  /** Throws `ERR_FORBIDDEN`, `ERR_INPUT_INVALID`, `ERR_USER_NOT_FOUND`, `ERR_AGENT_NOT_FOUND`. */
  create(principal: Principal, input: NewApiKey): Promise<IssuedApiKey>;
  /** Newest first, revoked ones included. */
  list(principal: Principal, page?: PageRequest): Promise<Page<ApiKey>>;
  /** The key stops working at once. Repeating it is harmless. Throws `ERR_API_KEY_NOT_FOUND`. */
  revoke(principal: Principal, id: string): Promise<ApiKey>;
}
