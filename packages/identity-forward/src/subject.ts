// For whom a call is made: the three kinds of subject, and the anonymous caller of an exposed route.

/** A person calling directly through their MCP client. */
export interface UserSubject {
  readonly subjectType: 'user';
  /** UUID of the organization. */
  readonly organizationId: string;
  /** UUID of the user. */
  readonly userId: string;
  readonly userEmail: string;
}

/** A standalone agent account calling with its own credentials; no person in the loop. */
export interface AgentSubject {
  readonly subjectType: 'agent';
  readonly organizationId: string;
  /** UUID of the agent account. */
  readonly agentId: string;
  /** Display name; may hold any Unicode text. */
  readonly agentName: string;
}

/** An agent acting on behalf of a user: both identities. */
export interface OboSubject {
  readonly subjectType: 'obo';
  readonly organizationId: string;
  readonly userId: string;
  readonly userEmail: string;
  readonly agentId: string;
  readonly agentName: string;
}

/** Who an identity token speaks of. */
export type Subject = UserSubject | AgentSubject | OboSubject;

/** The caller of an exposed route: known to belong to nobody. Never gets a token. */
export interface AnonymousSubject {
  readonly subjectType: 'anonymous';
  readonly organizationId: string;
}
