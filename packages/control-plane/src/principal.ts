// Who authenticated: the first argument of every verb.

/** `admin`: everything. `member`: reads, and calls through the proxy. `deploy`: deployments only, for pipelines. */
export type Role = 'admin' | 'member' | 'deploy';

/** A person. */
export interface UserPrincipal {
  readonly type: 'user';
  /** UUID of the organization. */
  readonly organizationId: string;
  readonly role: 'admin' | 'member';
  readonly userId: string;
  readonly userEmail: string;
  readonly userName: string;
  /** Key that was used; left out for a session. */
  readonly keyId?: string | undefined;
}

/** An agent account with its own credentials. */
export interface AgentPrincipal {
  readonly type: 'agent';
  readonly organizationId: string;
  readonly role: 'member';
  readonly agentId: string;
  readonly agentName: string;
  readonly keyId?: string | undefined;
}

/** A key of the organization: no person and no agent behind it. */
export interface OrganizationKeyPrincipal {
  readonly type: 'organization_key';
  readonly organizationId: string;
  readonly role: Role;
  readonly keyId: string;
  readonly keyName: string;
}

/** Who asks. */
export type Principal = UserPrincipal | AgentPrincipal | OrganizationKeyPrincipal;

/** Who runs a command on the database itself; takes part in the signing keys and in restorations only. */
export interface OperatorPrincipal {
  readonly type: 'operator';
  /** UUID of the organization. */
  readonly organizationId: string;
  readonly role: 'admin';
  /** Name of the command, such as `runlayer-server keys`: audit rows show it in place of a person. */
  readonly command: string;
}

/** Who did something, as kept with what was done. Stays readable when the account is gone. */
export interface Actor {
  readonly type: Principal['type'] | 'system';
  /** UUID of the user, agent or key; left out for the system itself. */
  readonly id?: string | undefined;
  /** E-mail of a user, name of an agent or key, `system`, or the command that an operator ran. */
  readonly name: string;
}

/** The actor that a principal is. */
export function actorOf(principal: Principal | OperatorPrincipal): Actor {
  switch (principal.type) {
    case 'user':
      return { type: 'user', id: principal.userId, name: principal.userEmail };
    case 'agent':
      return { type: 'agent', id: principal.agentId, name: principal.agentName };
    case 'operator':
      return { type: 'system', name: principal.command };
    case 'organization_key':
      return { type: 'organization_key', id: principal.keyId, name: principal.keyName };
  }
}

/** What the platform does by itself. */
export const systemActor: Actor = { type: 'system', name: 'system' };
