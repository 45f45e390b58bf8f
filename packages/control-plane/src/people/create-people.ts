// The verbs of people and agent accounts over the database.
import type { Context } from '../context.ts';
import { requireRight } from '../permissions.ts';
import { changeAgent, insertAgent, readAgent, readAgents } from './agents.ts';
import type { People } from './people.ts';
import { changeUser, insertUser, readUser, readUsers } from './users.ts';

/** The people of a control plane. */
export function createPeople(context: Context): People {
  const read = 'people.read';
  const write = 'people.write';
  return {
    async createUser(principal, input) {
      requireRight(principal, write, 'Adding a user');
      return insertUser(context, principal, input);
    },
    async getUser(principal, id) {
      requireRight(principal, read, 'Reading a user');
      return readUser(context, principal, id);
    },
    async listUsers(principal, page) {
      requireRight(principal, read, 'Reading users');
      return readUsers(context, principal, page);
    },
    async updateUser(principal, id, change) {
      requireRight(principal, write, 'Changing a user');
      return changeUser(context, principal, id, change);
    },
    async createAgent(principal, input) {
      requireRight(principal, write, 'Adding an agent account');
      return insertAgent(context, principal, input);
    },
    async getAgent(principal, id) {
      requireRight(principal, read, 'Reading an agent account');
      return readAgent(context, principal, id);
    },
    async listAgents(principal, page) {
      requireRight(principal, read, 'Reading agent accounts');
      return readAgents(context, principal, page);
    },
    async updateAgent(principal, id, change) {
      requireRight(principal, write, 'Changing an agent account');
      return changeAgent(context, principal, id, change);
    },
  };
}
