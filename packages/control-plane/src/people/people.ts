// The verbs of people and agent accounts.
import type { Page, PageRequest } from '../page.ts';
import type { Principal } from '../principal.ts';
import type { Agent, User } from './person.ts';

/** Manages people and agent accounts; admins only. Throws `ERR_FORBIDDEN`, `ERR_USER_NOT_FOUND`, `ERR_AGENT_NOT_FOUND`, `ERR_INPUT_INVALID`. */
export interface People {
  /** Throws `ERR_USER_EXISTS` when the e-mail is taken. Default role `member`; default name: the e-mail. */
  createUser(
    principal: Principal,
    input: { readonly email: string; readonly name?: string | undefined; readonly role?: 'admin' | 'member' | undefined },
  ): Promise<User>;
  getUser(principal: Principal, id: string): Promise<User>;
  listUsers(principal: Principal, page?: PageRequest): Promise<Page<User>>;
  /** A disabled person's keys stop working at once. Throws `ERR_USER_LAST_ADMIN` rather than leaving no admin. */
  updateUser(
    principal: Principal,
    id: string,
    change: { readonly name?: string | undefined; readonly role?: 'admin' | 'member' | undefined; readonly disabled?: boolean | undefined },
  ): Promise<User>;
  createAgent(principal: Principal, input: { readonly name: string }): Promise<Agent>;
  getAgent(principal: Principal, id: string): Promise<Agent>;
  listAgents(principal: Principal, page?: PageRequest): Promise<Page<Agent>>;
  updateAgent(
    principal: Principal,
    id: string,
    change: { readonly name?: string | undefined; readonly disabled?: boolean | undefined },
  ): Promise<Agent>;
}
